import { isObject, type JsonObject } from './json';
import type { Json } from './rule';

/** A resource policy: its elements in their order, and its statements as a list, even if it has a single one. */
export interface Policy {
  readonly elements: JsonObject;
  readonly statements: readonly JsonObject[];
}

/**
 * The policy in a text; undefined if it is not JSON, not a policy, or cannot be rewritten without loss: JSON.parse drops
 * duplicate keys, and digits of long numbers.
 */
export function readPolicy(text: string): Policy | undefined {
  const elements = parse(text);
  if (!isObject(elements) || tokens(JSON.stringify(elements)) !== tokens(text)) return undefined;
  const { Statement } = elements;
  const statements = Array.isArray(Statement) ? (Statement as readonly Json[]) : [Statement];
  return statements.every(isObject) ? { elements, statements } : undefined;
}

/** The text of a policy with these statements, and all other elements unchanged. */
export const writePolicy = ({ elements }: Pick<Policy, 'elements'>, statements: readonly JsonObject[]): string =>
  JSON.stringify({ ...elements, Statement: statements });

/** The strings of an element that is a string or a list of strings; undefined for anything else. */
export function stringsIn(element: Json | undefined): readonly string[] | undefined {
  const list: readonly (Json | undefined)[] = Array.isArray(element) ? element : [element];
  return list.every((item) => typeof item === 'string') ? list : undefined;
}

/** A statement ID that is not in use: this one, or with a number appended. */
export function freeSid(expected: string, statements: readonly JsonObject[]): string {
  const taken = statements.map(({ Sid }) => Sid);
  let sid = expected;
  for (let number = 2; taken.includes(sid); number += 1) sid = `${expected}${number}`;
  return sid;
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** JSON without the whitespace between its parts, with each string in the same notation. */
const tokens = (json: string): string =>
  json.replace(/"(?:[^"\\]|\\.)*"|\s+/g, (part) => (part.startsWith('"') ? JSON.stringify(JSON.parse(part)) : ''));
