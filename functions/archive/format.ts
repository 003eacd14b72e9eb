import { canonicalJson } from '../canonical-json';
import type { Item } from '../log/item';
import { readItem } from '../log/read-item';
import { toDynamoJson } from './dynamo-json';

/** Where all batches are. */
export const logPrefix = 'log/';

/** Where the batches of a day are. */
export const dayPrefix = (day: string): string => `${logPrefix}day=${day}/`;

/** The key of a batch in the archive. Numbers are global and have no gaps. */
export const batchKey = (day: string, number: number): string => `${dayPrefix(day)}${digits(number)}.jsonl`;

/** The key of a seal in the archive. */
export const sealKey = (number: number): string => `seals/${digits(number)}.json`;

const digits = (number: number): string => String(number).padStart(12, '0');

/** A batch in the archive. */
export interface Batch {
  /** From 1. */
  readonly number: number;
  /** The UTC day on which it was written: `2026-11-30`. */
  readonly day: string;
}

const pattern = /^log\/day=(?<day>\d{4}-\d{2}-\d{2})\/(?<number>\d{12})\.jsonl$/;

/** The batch of a key; undefined if it is not the key of a batch. */
export function parseBatchKey(key: string): Batch | undefined {
  const { day, number } = pattern.exec(key)?.groups ?? {};
  return day === undefined ? undefined : { day, number: Number(number) };
}

/** The line of an item of the log, without the line feed: its event, or the item itself if that is no event of ours. `refilled`: the stream lost it. */
export function lineOf(item: Item, { refilled = false }: { readonly refilled?: boolean } = {}): string {
  const of = { ...keyOf(item), ...(refilled && { refilled }) };
  try {
    const read = readItem(item);
    if ('event' in read) return canonicalJson({ ...of, event: read.event });
  } catch {
    // A set, bytes, or what else is not JSON: nobody of ours writes it.
  }
  return canonicalJson({ ...of, item: toDynamoJson(item) });
}

/** The line of an item that was removed. As it is another text than that of the event, whoever verifies the archive finds it. */
export const lineOfRemoval = (key: Item): string => canonicalJson({ ...keyOf(key), item: {} });

const keyOf = ({ trail, sequence }: Item) => ({ trail: trail?.S ?? '', sequence: Number(sequence?.N ?? 0) });
