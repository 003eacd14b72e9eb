import { createHash } from 'node:crypto';
import type { Json } from '../rules/rule';

/**
 * Canonical JSON by RFC 8785 (JCS), without `undefined`: equal texts mean equal values, so that the hashes can be verified in any language.
 * Throws an error with the path of a value that JSON does not support: a Date, bytes, a function, NaN, a lone surrogate.
 */
export const canonicalJson = (value: unknown): string => serialize(value, '$');

function serialize(value: unknown, path: string): string {
  if (value === null || typeof value === 'boolean') return String(value);
  // The RFC uses the number and escape formats of ECMAScript, as JSON.stringify does.
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (typeof value === 'string') return serializeString(value, path);
  // Not map(), which skips the holes of a sparse array.
  if (Array.isArray(value)) return `[${Array.from(value, (item, index) => serialize(item, `${path}[${index}]`)).join(',')}]`;
  if (typeof value === 'object' && [Object.prototype, null].includes(Object.getPrototypeOf(value))) {
    // The SDK drops it when writing to DynamoDB, and the log would appear altered.
    if (Object.hasOwn(value, '__proto__')) throw new TypeError(`Not JSON: ${path} has the key \`__proto__\`, which is not allowed.`);
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    // By UTF-16 code units, as the RFC requires. An object could not keep this order: it sorts integer keys first.
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${serializeString(key, `a key of ${path}`)}:${serialize(item, `${path}.${key}`)}`).join(',')}}`;
  }
  throw new TypeError(
    `Not JSON: ${path} is ${String(value)}. Allowed are null, booleans, finite numbers, strings, lists and plain objects.`,
  );
}

function serializeString(text: string, path: string): string {
  if (/\p{Cs}/u.test(text)) throw new TypeError(`Not JSON: ${path} contains a lone surrogate, which UTF-8 cannot encode.`);
  return JSON.stringify(text);
}

/** A deep copy as JSON, without `undefined`. */
export const toJson = (value: unknown): Json => JSON.parse(canonicalJson(value)) as Json;

export const sameJson = (a: unknown, b: unknown): boolean => canonicalJson(a) === canonicalJson(b);

/** SHA-256 of the canonical JSON in UTF-8, in hexadecimal. */
export const hashJson = (value: unknown): string => createHash('sha256').update(canonicalJson(value)).digest('hex');
