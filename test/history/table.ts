import { allIndexes } from '../../functions/log/indexes';
import { type Item, itemOf } from '../../functions/log/item';
import { conditionOf } from '../storm/aws/dynamodb/condition';
import type { MadeTrail } from './events';

/**
 * The log table in memory, for histories that are too large for the emulator: answers `Query` of the trails and the indexes, `BatchGetItem` and
 * `Scan` as DynamoDB does, in pages of a megabyte, and counts what that costs.
 */
export interface HistoryTable {
  readonly items: number;
  /** Since the start. */
  readonly usage: Usage;
  query(input: QueryInput): { readonly Items: readonly Item[]; readonly Count: number; readonly LastEvaluatedKey?: Item };
  batchGet(input: BatchGetInput): object;
  scan(input: QueryInput): object;
}

interface BatchGetInput {
  readonly RequestItems: Readonly<Record<string, { readonly Keys: readonly Item[] }>>;
}

/** What the answers cost, as DynamoDB counts. */
export interface Usage {
  units: number;
  queries: number;
  /** Calls of `BatchGetItem`. */
  batches: number;
  scans: number;
  items: number;
}

/** The part of the request that the command line uses. */
export interface QueryInput {
  readonly IndexName?: string;
  readonly KeyConditionExpression?: string;
  readonly FilterExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Item;
  readonly ScanIndexForward?: boolean;
  readonly ConsistentRead?: boolean;
  readonly Limit?: number;
  readonly ExclusiveStartKey?: Item;
}

interface Entry {
  readonly sort: string;
  readonly item: Item;
  readonly bytes: number;
}

const pageBytes = 1_000_000;
const trailKeys = ['trail', 'sequence'] as const;

export function historyTable(trails: Iterable<MadeTrail>): HistoryTable {
  const partitions = new Map<string, Entry[]>();
  const whole: Entry[] = [];
  const places = new Map<string, number>();
  let items = 0;
  for (const { key, events } of trails) {
    for (const event of events) {
      items += 1;
      const item = itemOf(event, key);
      const entry = { sort: sequenceText(item), item, bytes: sizeOf(item) };
      places.set(`${key} ${event.sequence}`, whole.length);
      whole.push(entry);
      add(`trail ${key}`, entry);
      for (const { name, attribute, holds } of allIndexes) {
        const partition = item[attribute]?.S;
        if (partition === undefined) continue;
        const held = Object.fromEntries(
          [...trailKeys, attribute, 'time', ...holds].flatMap((field) => (item[field] ? [[field, item[field]]] : [])),
        );
        add(`${name} ${partition}`, { sort: `${item.time?.S} ${key} ${sequenceText(item)}`, item: held, bytes: sizeOf(held) });
      }
    }
  }
  for (const entries of partitions.values()) entries.sort((a, b) => (a.sort < b.sort ? -1 : 1));
  const usage: Usage = { units: 0, queries: 0, batches: 0, scans: 0, items: 0 };
  return { items, usage, query: (input) => query(input), batchGet: (input) => batchGet(input), scan: (input) => scan(input) };

  function add(partition: string, entry: Entry): void {
    const entries = partitions.get(partition);
    if (entries) entries.push(entry);
    else partitions.set(partition, [entry]);
  }

  function query(input: QueryInput) {
    const { IndexName = 'trail', ExpressionAttributeValues: values = {}, Limit = Number.POSITIVE_INFINITY } = input;
    const all = partitions.get(`${IndexName} ${(values[':by'] ?? values[':trail'] ?? values[':remediation'])?.S}`) ?? [];
    const [from, to] =
      IndexName === 'trail'
        ? [0, all.length]
        : [firstAt(all, values[':since']?.S ?? ''), firstAt(all, `${values[':until']?.S ?? '9'}\uffff`)];
    const step = input.ScanIndexForward === false ? -1 : 1;
    const after = input.ExclusiveStartKey && startAfter(input.ExclusiveStartKey, IndexName);
    const filter = conditionOf(input.FilterExpression ?? 'attribute_exists(trail)');
    const page: Item[] = [];
    let [bytes, read] = [0, 0];
    let last: Item | undefined;
    let index = step === 1 ? from : to - 1;
    if (after !== undefined) index = firstAt(all, after) + (step === 1 ? 1 : -1);
    for (; index >= from && index < to; index += step) {
      const entry = all[index] as Entry;
      if (read >= Limit || bytes + entry.bytes > pageBytes) break;
      bytes += entry.bytes;
      read += 1;
      last = entry.item;
      if (filter(entry.item, { names: input.ExpressionAttributeNames, values })) page.push(entry.item);
    }
    usage.queries += 1;
    usage.items += read;
    usage.units += Math.max(1, Math.ceil(bytes / 4096)) * (input.ConsistentRead ? 1 : 0.5);
    const isCut = last && index >= from && index < to;
    return { Items: page, Count: page.length, ...(isCut && { LastEvaluatedKey: keyOf(last, IndexName) }) };
  }

  function scan(input: QueryInput) {
    const { ExclusiveStartKey: after, FilterExpression, ExpressionAttributeNames: names, ExpressionAttributeValues: values } = input;
    const filter = conditionOf(FilterExpression ?? 'attribute_exists(trail)');
    const page: Item[] = [];
    let [bytes, read] = [0, 0];
    let last: Item | undefined;
    let index = after === undefined ? 0 : (places.get(`${after.trail?.S} ${after.sequence?.N}`) ?? 0) + 1;
    for (; index < whole.length && bytes < pageBytes; index += 1) {
      const entry = whole[index] as Entry;
      bytes += entry.bytes;
      read += 1;
      last = entry.item;
      if (filter(entry.item, { names, values })) page.push(entry.item);
    }
    usage.scans += 1;
    usage.items += read;
    usage.units += Math.ceil(bytes / 4096);
    return { Items: page, Count: page.length, ...(index < whole.length && { LastEvaluatedKey: keyOf(last, 'trail') }) };
  }

  function batchGet({ RequestItems }: BatchGetInput) {
    const Responses: Record<string, readonly Item[]> = {};
    usage.batches += 1;
    for (const [name, { Keys }] of Object.entries(RequestItems)) {
      const found = Keys.flatMap((key) => partitions.get(`trail ${key.trail?.S}`)?.filter(({ sort }) => sort === sequenceText(key)) ?? []);
      Responses[name] = found.map(({ item }) => item);
      usage.items += found.length;
      usage.units += found.reduce((sum, { bytes }) => sum + Math.ceil(bytes / 4096) * 0.5, 0);
    }
    return { Responses, UnprocessedKeys: {} };
  }
}

/** The index of the first entry that does not sort before. */
function firstAt(entries: readonly Entry[], sort: string): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle]?.sort ?? '') < sort) low = middle + 1;
    else high = middle;
  }
  return low;
}

const sequenceText = (item: Item): string => (item.sequence?.N ?? '').padStart(12, '0');

const startAfter = (key: Item, index: string): string =>
  index === 'trail' ? sequenceText(key) : `${key.time?.S} ${key.trail?.S} ${sequenceText(key)}`;

function keyOf(item: Item | undefined, index: string): Item {
  const attribute = allIndexes.find(({ name }) => name === index)?.attribute;
  const names = [...trailKeys, ...(attribute === undefined ? [] : [attribute, 'time'])];
  return Object.fromEntries(names.flatMap((name) => (item?.[name] ? [[name, item[name]]] : [])));
}

/** About as DynamoDB counts: the names and the values. */
const sizeOf = (item: Item): number => Buffer.byteLength(JSON.stringify(item));
