import { gunzipSync, gzipSync } from 'node:zlib';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { valuesOf } from '../aws/values-of';
import { canonicalJson } from '../canonical-json';
import type { LogEvent } from './event';
import { indexAttributesOf } from './index-attributes';
import { indexAttributes } from './indexes';

/** DynamoDB rejects items over 400 KB; the margin is for names and index attributes. */
const itemLimit = 390_000;
const compressFrom = 32_000;
/** More than any event has; somebody else's item could have a thousand times its size, and exhaust the memory of a reader. */
const maxUncompressed = 32_000_000;

/** The attributes whose size depends on the resource. */
const bulky = ['changes', 'before', 'after', 'parameters', 'decision'] as const;

/** An event is too large for one item, even compressed. */
export class EventTooLarge extends Error {
  override readonly name = 'EventTooLarge';
}

/** A DynamoDB item of the log. */
export type Item = Record<string, AttributeValue>;

/** The event as an item of a trail: readable attributes, or the bulky ones as one gzip of JSON in `compressed`. */
export function itemOf(event: LogEvent, trail: string): Item {
  const text = canonicalJson(event);
  const keys = { trail, ...indexAttributesOf(event) };
  if (Buffer.byteLength(text) <= compressFrom) return marshall({ ...event, ...keys }, { removeUndefinedValues: true });
  const small = Object.fromEntries(Object.entries(event).filter(([key]) => !bulky.includes(key as never)));
  const large = Object.fromEntries(bulky.map((key) => [key, event[key]]));
  const compressed = gzipSync(canonicalJson(large));
  if (Buffer.byteLength(text) > maxUncompressed || compressed.byteLength + Buffer.byteLength(canonicalJson(small)) > itemLimit) {
    throw new EventTooLarge(
      `The ${event.kind} event of ${event.resource} has ${compressed.byteLength} bytes compressed, more than the ${itemLimit} bytes of a log item. Fix this resource manually.`,
    );
  }
  return marshall({ ...small, ...keys, compressed });
}

/** The event of an item, without the attributes that are not part of it. */
export function eventOf(item: Item): LogEvent {
  const { compressed, trail: _, ...attributes } = valuesOf(item);
  const event = Object.fromEntries(Object.entries(attributes).filter(([name]) => !indexAttributes.includes(name as never)));
  if (compressed === undefined) return event as unknown as LogEvent;
  try {
    const large = JSON.parse(gunzipSync(compressed as Uint8Array, { maxOutputLength: maxUncompressed }).toString());
    // No others: what the indexes show of an event is what its readers get.
    const own = bulky.flatMap((key) => (large[key] === undefined ? [] : [[key, large[key]] as const]));
    return { ...event, ...Object.fromEntries(own) } as LogEvent;
  } catch {
    // As it stands, it does not have the hash that it carries, and is found to be altered.
    return { ...event, compressed } as unknown as LogEvent;
  }
}
