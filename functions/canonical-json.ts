import { createHash } from 'node:crypto';
import type { Json } from '../rules/rule';

/**
 * Canonical JSON by RFC 8785 (JCS), without `undefined`: equal texts mean equal values, in any language that can check a hash.
 * Throws with the path of what such JSON cannot hold: a Date, bytes, a function, NaN, a lone surrogate.
 */
export const canonicalJson = (value: unknown): string => serialize(value, '$');

function serialize(value: unknown, path: string): string {
  if (value === null || typeof value === 'boolean') return String(value);
  // The RFC takes the numbers and the escapes of ECMAScript, and JSON.stringify writes just those.
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (typeof value === 'string') return serializeString(value, path);
  // Not map(), which would pass over the holes of a list.
  if (Array.isArray(value)) return `[${Array.from(value, (item, index) => serialize(item, `${path}[${index}]`)).join(',')}]`;
  if (typeof value === 'object' && [Object.prototype, null].includes(Object.getPrototypeOf(value))) {
    // The SDK loses it on the way to DynamoDB, and the log would seem to be altered.
    if (Object.hasOwn(value, '__proto__'))
      throw new TypeError(`Not JSON: ${path} has the key \`__proto__\`, which is no key that is taken.`);
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    // By UTF-16 code units, as the RFC says. An object could not keep this order: it puts integers first.
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

/** A deep copy that JSON can hold, without `undefined`. */
export const toJson = (value: unknown): Json => JSON.parse(canonicalJson(value)) as Json;

export const sameJson = (a: unknown, b: unknown): boolean => canonicalJson(a) === canonicalJson(b);

/** SHA-256 of the canonical JSON in UTF-8, in hexadecimal. */
export const hashJson = (value: unknown): string => createHash('sha256').update(canonicalJson(value)).digest('hex');
