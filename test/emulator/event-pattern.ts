import { type Branch, branchesOf } from './event-pattern/branches';
import { type Field, fieldsOf, joined, type Membership } from './event-pattern/fields';

const mostCharacters = 2048;

type Fields = ReadonlyMap<string, readonly Field[]>;

const compiled = new WeakMap<object, readonly Branch[]>();

const branches = (pattern: object): readonly Branch[] => {
  const known = compiled.get(pattern) ?? branchesOf(pattern);
  compiled.set(pattern, known);
  return known;
};

const matchesFrom = (names: readonly string[], branch: Branch, fields: Fields, membership: Membership): boolean => {
  const [name, ...others] = names;
  if (name === undefined) return true;
  const asks = branch.get(name) ?? [];
  const reachable = (fields.get(name) ?? []).flatMap(({ value, membership: own }) => {
    const both = joined(membership, own);
    return both === undefined ? [] : [{ value, membership: both }];
  });
  if (reachable.length === 0) return asks.some(({ absent }) => absent) && matchesFrom(others, branch, fields, membership);
  return reachable.some(
    (field) => asks.some((ask) => !ask.absent && ask.of(field.value)) && matchesFrom(others, branch, fields, field.membership),
  );
};

/**
 * Whether EventBridge would route the event by the pattern; throws on a pattern that it would refuse.
 * All fields have to match within the same element of an array of objects. Source: the EventBridge user guide
 * (comparison operators, arrays), and for what it leaves open the published Event Ruler library.
 */
export const matches = (pattern: object, event: unknown): boolean => matcherOf(event)(pattern);

/** `matches` for an event that is compared with many patterns: it is read once. */
export const matcherOf = (event: unknown): ((pattern: object) => boolean) => {
  const fields = fieldsOf(event);
  return (pattern) => branches(pattern).some((branch) => matchesFrom([...branch.keys()], branch, fields, new Map()));
};

/** Why EventBridge would refuse the pattern (as text, if its size matters), or undefined. */
export const refusalOf = (pattern: string | object): string | undefined => {
  try {
    const source = typeof pattern === 'string' ? pattern : JSON.stringify(pattern);
    if (source.length > mostCharacters)
      return `Event pattern is not valid. Reason: it has ${source.length} characters, ${mostCharacters} are allowed`;
    branchesOf(JSON.parse(source));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};
