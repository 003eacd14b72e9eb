import {
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  type Node,
  type ParsedNode,
  parseAllDocuments,
  visit,
  type YAMLMap,
} from 'yaml';
import { quote, sanitize } from '../untrusted-text';
import { type Path, PolicyError, type PolicyProblem } from './problem';

/** The content of a YAML text, with its places. */
export interface PolicyDocument {
  /** Plain JSON; `{}` for a text without any content. */
  readonly value: unknown;
  /** The line, from 1, of the node at the path, or of its closest ancestor. */
  readonly lineOf: (path: Path) => number | undefined;
  /** A scalar as written in the text, `012345678901`. */
  readonly sourceOf: (path: Path) => string | undefined;
}

const maxBytes = 1_000_000;
const maxAliases = 100;
const maxDepth = 32;

/** Reads YAML, and so JSON. Throws a PolicyError for more than plain data: tags, several documents, duplicate keys, aliases that multiply. */
export function readDocument(text: string): PolicyDocument {
  const bytes = Buffer.byteLength(text);
  if (bytes > maxBytes)
    refuse([{ path: '', message: `the file has ${bytes} bytes. The maximum is ${maxBytes}. Shorten it, for example with wildcards.` }]);
  if (nesting(text) > maxDepth * 2) refuse([tooDeep(undefined)]);
  const lines = new LineCounter();
  const lineAt = (offset: number | undefined) => (offset === undefined ? undefined : lines.linePos(offset).line);
  const parsed = guarded(() =>
    parseAllDocuments<ParsedNode>(text, {
      lineCounter: lines,
      uniqueKeys: false,
      strict: true,
      resolveKnownTags: false,
      prettyErrors: false,
    }),
  );
  const documents = 'empty' in parsed ? [] : parsed;
  if (documents.length > 1) {
    refuse([
      {
        path: '',
        line: lineAt(documents[1]?.range[0]),
        message: 'a second document begins here, after `---`. Only one document is allowed.',
      },
    ]);
  }
  const [document] = documents;
  if (!document) return { value: {}, lineOf: () => undefined, sourceOf: () => undefined };
  const unreadable = [...document.errors, ...document.warnings].map(({ message, pos }) => ({
    path: '',
    line: lineAt(pos[0]),
    message: `the YAML is invalid: ${sanitize(message, 300)}`,
  }));
  if (unreadable.length > 0) refuse(unreadable.slice(0, 20));
  const problems = structureProblems(document.contents, lineAt);
  if (problems.length > 0) refuse(problems.slice(0, 20));
  const value: unknown = guarded(() => document.toJS({ maxAliasCount: maxAliases }));
  // A recursive alias has no end, and others expand a small text.
  const size = guarded(() => JSON.stringify(value)?.length ?? 0);
  if (size > maxBytes)
    refuse([
      { path: '', message: `with its aliases expanded, the file has ${size} characters. The maximum is ${maxBytes}. Use fewer aliases.` },
    ]);

  return { value: value ?? {}, lineOf: (path) => lineAt(offsetOf(path)), sourceOf };

  function sourceOf(path: Path): string | undefined {
    const node = document?.getIn([...path], true);
    return isScalar(node) ? node.source : undefined;
  }

  function offsetOf(path: Path): number | undefined {
    for (let length = path.length; length > 0; length -= 1) {
      const parent = length === 1 ? document?.contents : document?.getIn(path.slice(0, length - 1), true);
      const node = nodeAt(parent, path[length - 1]);
      if (isNode(node) && node.range) return node.range[0];
    }
    return undefined;
  }
}

/** The key of a mapping's entry, or the item of a list. */
function nodeAt(parent: unknown, key: PropertyKey | undefined): unknown {
  const pair = isMap(parent) ? parent.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key)) : undefined;
  if (pair) return pair.key;
  return isCollection(parent) ? parent.get(key, true) : undefined;
}

/** The constructs that a plain data file does not have. */
function structureProblems(
  contents: ParsedNode | null,
  lineAt: (offset: number | undefined) => number | undefined,
): readonly PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  visit(contents, (key, node, ancestors) => {
    if (!isNode(node)) return undefined;
    const line = lineAt(node.range?.[0]);
    if (ancestors.length > maxDepth * 2) {
      problems.push(tooDeep(line));
      return visit.BREAK;
    }
    for (const message of nodeFaults(node)) problems.push({ path: '', line, message });
    // The parser's own check compares every key with every other.
    if (isMap(node)) problems.push(...repeatedKeys(node, lineAt));
    if (key === 'key') for (const message of keyFaults(node)) problems.push({ path: '', line, message });
    return undefined;
  });
  return problems;
}

function* nodeFaults(node: Node): Generator<string> {
  if (!isAlias(node) && node.tag !== undefined) yield `the tag ${quote(node.tag)} is not supported. Remove it.`;
  if (isScalar(node) && typeof node.value === 'string' && /\p{Cs}/u.test(node.value))
    yield `the text ${quote(node.value)} contains a lone surrogate, which UTF-8 cannot encode. Write the whole character.`;
}

function* keyFaults(node: Node): Generator<string> {
  if (!isScalar(node) || node.value === null) yield 'a key must be a single string. Write a name before the colon.';
  else if (node.value === '__proto__') yield '`__proto__` is not allowed as a key. Remove it.';
}

function repeatedKeys({ items }: YAMLMap, lineAt: (offset: number | undefined) => number | undefined): readonly PolicyProblem[] {
  const seen = new Set<string>();
  return items.flatMap(({ key }) => {
    if (!isScalar(key)) return [];
    const name = String(key.value);
    if (seen.has(name))
      return [{ path: '', line: lineAt(key.range?.[0]), message: `the key ${quote(name)} is duplicated. Merge both into one.` }];
    seen.add(name);
    return [];
  });
}

const tooDeep = (line: number | undefined): PolicyProblem => ({
  path: '',
  line,
  message: `the nesting is deeper than ${maxDepth} levels, more than a policy has. Check for an unclosed bracket.`,
});

/** The maximum depth of brackets, counted before any recursive code reads them. */
function nesting(text: string): number {
  let depth = 0;
  let max = 0;
  for (const character of text) {
    if (character === '[' || character === '{') max = Math.max(max, ++depth);
    else if (character === ']' || character === '}') depth = Math.max(0, depth - 1);
  }
  return max;
}

function guarded<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (cause) {
    const message = cause instanceof Error ? sanitize(cause.message, 300) : String(cause);
    throw new PolicyError([{ path: '', message: `the file can't be read: ${message}. Use fewer aliases (\`*name\`) and fewer levels.` }], {
      cause,
    });
  }
}

function refuse(problems: readonly PolicyProblem[]): never {
  throw new PolicyError(problems);
}
