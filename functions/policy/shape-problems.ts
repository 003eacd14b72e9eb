import type * as z from 'zod';
import { nearest } from '../nearest';
import { quote, sanitize } from '../untrusted-text';
import { valueAt } from '../value-at';
import type { PolicyDocument } from './document';
import { policy } from './policy';
import { type Path, type PolicyProblem, pathText } from './problem';
import { keysAt } from './schema-at';

const maxKeys = 20;

/** The errors that zod finds, each with its place, the value, and the allowed values. */
export function* shapeProblems(issues: readonly z.core.$ZodIssue[], { value, lineOf, sourceOf }: PolicyDocument): Generator<PolicyProblem> {
  for (const issue of issues) {
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys.slice(0, maxKeys)) yield at([...issue.path, key], unknownKey(key, keysAt(policy, issue.path)));
    } else {
      yield at(issue.path, said(issue, valueAt(value, issue.path), sourceOf(issue.path)));
    }
  }

  function at(path: Path, message: string): PolicyProblem {
    return { path: pathText(path), line: lineOf(path), message };
  }
}

/** The message for an unknown key: with the closest key, or all keys. */
export function unknownKey(key: string, known: readonly string[]): string {
  const near = nearest(key, known);
  return `${quote(key)} is not a valid key. ${near ? `Did you mean ${near}?` : `Valid keys: ${known.join(', ')}.`}`;
}

type Issue = Exclude<z.core.$ZodIssue, { code: 'unrecognized_keys' }>;

function said(issue: Issue, value: unknown, source: string | undefined): string {
  if (issue.code === 'invalid_key') return about(`the key ${quote(issue.path.at(-1))}`, issue.issues[0]?.message ?? '');
  if (value === undefined) return 'this key is required. Add it, or remove the entry that it belongs to.';
  if (value === null) return 'the value is empty. Set a value, or remove the key.';
  const shown = typeof value === 'string' || source === undefined ? quote(value) : sanitize(source);
  // YAML reads an account id, or the tag value `true`, as a number or a boolean.
  if (typeof value !== 'object' && typeof value !== 'string' && wantsText(issue)) {
    return `YAML reads ${shown} as a ${typeof value}, and a string is required. Put it in quotes: "${shown}".`;
  }
  return invalid(issue, value, shown);
}

/** The message for a value that is there, and is not valid. */
function invalid(issue: Issue, value: unknown, shown: string): string {
  switch (issue.code) {
    case 'invalid_value': {
      const values = issue.values.map(String);
      const near = typeof value === 'string' ? nearest(value, values) : undefined;
      return `${shown} is not a valid value.${near ? ` Did you mean ${near}?` : ''} Valid values: ${values.join(', ')}.`;
    }
    case 'invalid_type':
      return `${shown} is not valid: ${wanted(issue.expected)} is required.`;
    case 'invalid_union':
      return `${shown} is not valid: a string or a list of strings is required.`;
    case 'too_small':
      return issue.origin === 'array' || issue.origin === 'string'
        ? 'the value is empty. Set at least one, or remove the key.'
        : `${shown} is too small. The minimum is ${issue.minimum}.`;
    case 'too_big':
      return issue.origin === 'array' || issue.origin === 'string'
        ? `${shown} is too long. The maximum is ${issue.maximum}.`
        : `${shown} is too large. The maximum is ${issue.maximum}.`;
    default:
      return about(shown, issue.message);
  }
}

/** A message of our own schemas begins with its verb. */
const about = (what: string, message: string): string => `${what} ${message.startsWith('is ') ? message : `is not valid: ${message}`}.`;

const wantsText = (issue: Issue): boolean =>
  (issue.code === 'invalid_type' && issue.expected === 'string') ||
  (issue.code === 'invalid_union' && issue.errors.flat().some((one) => one.code === 'invalid_type' && one.expected === 'string'));

function wanted(expected: string): string {
  const words: Readonly<Record<string, string>> = {
    object: 'a mapping of keys to values',
    record: 'a mapping of keys to values',
    array: 'a list',
    string: 'a string',
    int: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
  };
  return words[expected] ?? expected;
}
