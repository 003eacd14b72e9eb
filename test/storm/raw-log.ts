import { gunzipSync } from 'node:zlib';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Item } from './aws/dynamodb/value';
import { logKey } from './tables';

/** A call in the log. */
export interface RawCall {
  readonly service: string;
  readonly operation: string;
  readonly input: unknown;
}

export interface RawChange {
  readonly do: RawCall;
  readonly undo?: RawCall | 'revert-own-part';
  readonly irreversible?: string;
}

/** An item of the log, read without any code of the product. */
export interface RawEvent {
  readonly trail: string;
  readonly sequence: number;
  readonly time: string;
  readonly kind: string;
  readonly outcome?: string;
  readonly code?: string;
  readonly reason: string;
  readonly rule: string;
  readonly remediation: string;
  readonly finding: string;
  readonly detectedBy: string;
  readonly resource: string;
  readonly actor: string;
  readonly until?: string;
  readonly plan?: string;
  readonly previous: string;
  readonly hash: string;
  readonly changes?: readonly RawChange[];
  /** All attributes that the hash covers. */
  readonly hashed: Readonly<Record<string, unknown>>;
}

/** Attributes of an item that are not part of its event. */
const notHashed = /^(trail|index[A-Z]\w*)$/;

/** The events read last: several checks look at what is written, and keeping all would take more memory than the tables. */
const read = new Map<Item, RawEvent>();
const maxKept = 500;

export function rawEvent(item: Item): RawEvent {
  const known = read.get(item);
  if (known) return known;
  const { compressed, ...plain } = unmarshall(item as Parameters<typeof unmarshall>[0]);
  const all = compressed === undefined ? plain : { ...plain, ...JSON.parse(gunzipSync(compressed).toString()) };
  const { hash: _, ...rest } = all;
  const hashed = Object.fromEntries(Object.entries(rest).filter(([name]) => !notHashed.test(name)));
  const event = { ...all, trail: String(all[logKey]), hashed } as RawEvent;
  if (read.size >= maxKept) read.clear();
  read.set(item, event);
  return event;
}
