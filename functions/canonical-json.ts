import { createHash } from 'node:crypto';
import type { Json } from '../rules/rule';

/** JSON with sorted keys and no `undefined`: equal texts mean equal values. Throws on what JSON cannot hold. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(plain(value, '$'));
}

/** The value as JSON can hold it, keys sorted. Throws with the path of what it cannot hold (a Date, bytes, a function, NaN). */
function plain(value: unknown, path: string): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.map((item, index) => plain(item, `${path}[${index}]`));
  if (typeof value === 'object' && [Object.prototype, null].includes(Object.getPrototypeOf(value))) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    // The SDK loses it on the way to DynamoDB, and the log would seem to be altered.
    if (Object.hasOwn(value, '__proto__'))
      throw new TypeError(`Not JSON: ${path} has the key \`__proto__\`, which is no key that is taken.`);
    return Object.fromEntries(entries.map(([key, item]) => [key, plain(item, `${path}.${key}`)]));
  }
  throw new TypeError(
    `Not JSON: ${path} is ${String(value)}. Allowed are null, booleans, finite numbers, strings, lists and plain objects.`,
  );
}

/** A deep copy that JSON can hold, without `undefined`. */
export const toJson = (value: unknown): Json => plain(value, '$');

export const sameJson = (a: unknown, b: unknown): boolean => canonicalJson(a) === canonicalJson(b);

/** SHA-256 of the canonical JSON, in hexadecimal. */
export const hashJson = (value: unknown): string => createHash('sha256').update(canonicalJson(value)).digest('hex');
