import { allIndexes } from '../../functions/log/indexes';
import { type Item, itemOf } from '../../functions/log/item';
import type { MadeTrail } from './events';

/**
 * The log table in memory, for histories that are too large for the emulator: answers `Query` of the trails and the indexes as DynamoDB does,
 * in pages of a megabyte, and counts what that costs.
 */
export interface HistoryTable {
  readonly items: number;
  /** Read units, queries and items since the start. */
  readonly usage: Usage;
  query(input: QueryInput): { readonly Items: readonly Item[]; readonly Count: number; readonly LastEvaluatedKey?: Item };
}

export interface Usage {
  units: number;
  queries: number;
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
  let items = 0;
  for (const { key, events } of trails) {
    for (const event of events) {
      items += 1;
      const item = itemOf(event, key);
      add(`trail ${key}`, { sort: sequenceText(item), item, bytes: sizeOf(item) });
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
  const usage: Usage = { units: 0, queries: 0, items: 0 };
  return { items, usage, query: (input) => query(input) };

  function add(partition: string, entry: Entry): void {
    const entries = partitions.get(partition);
    if (entries) entries.push(entry);
    else partitions.set(partition, [entry]);
  }

  function query(input: QueryInput) {
    const { IndexName = 'trail', ExpressionAttributeValues: values = {}, ConsistentRead, Limit = Number.POSITIVE_INFINITY } = input;
    const all = partitions.get(`${IndexName} ${(values[':by'] ?? values[':trail'] ?? values[':remediation'])?.S}`) ?? [];
    const ordered = input.ScanIndexForward === false ? all.toReversed() : all;
    const since = values[':since']?.S ?? '';
    const until = `${values[':until']?.S ?? '9'}\uffff`;
    const after = input.ExclusiveStartKey && startAfter(input.ExclusiveStartKey, IndexName);
    const start = after === undefined ? 0 : ordered.findIndex(({ sort }) => sort === after) + 1;
    const page: Item[] = [];
    let bytes = 0;
    let read = 0;
    let last: Item | undefined;
    for (let index = start; index < ordered.length; index += 1) {
      const entry = ordered[index];
      if (!entry || (IndexName !== 'trail' && (entry.sort < since || entry.sort > until))) continue;
      if (read >= Limit || bytes + entry.bytes > pageBytes) break;
      bytes += entry.bytes;
      read += 1;
      last = entry.item;
      if (passes(entry.item, input)) page.push(entry.item);
      if (index === ordered.length - 1) last = undefined;
    }
    usage.queries += 1;
    usage.items += read;
    usage.units += Math.max(1, Math.ceil(bytes / 4096)) * (ConsistentRead ? 1 : 0.5);
    const more = last && (read >= Limit || bytes > pageBytes * 0.9);
    return { Items: page, Count: page.length, ...(more && { LastEvaluatedKey: keyOf(last, IndexName) }) };
  }
}

const sequenceText = (item: Item): string => (item.sequence?.N ?? '').padStart(12, '0');

const startAfter = (key: Item, index: string): string =>
  index === 'trail' ? sequenceText(key) : `${key.time?.S} ${key.trail?.S} ${sequenceText(key)}`;

function keyOf(item: Item | undefined, index: string): Item {
  const attribute = allIndexes.find(({ name }) => name === index)?.attribute;
  const names = [...trailKeys, ...(attribute === undefined ? [] : [attribute, 'time'])];
  return Object.fromEntries(names.flatMap((name) => (item?.[name] ? [[name, item[name]]] : [])));
}

/** The filters of `queryLog`: equal attributes, and outcomes or announcements. */
function passes(
  item: Item,
  { FilterExpression: filter = '', ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values = {} }: QueryInput,
): boolean {
  return filter
    .split(' AND ')
    .filter((part) => part !== '')
    .every((part) => {
      if (part.startsWith('(')) return item.outcome !== undefined || ['planned', 'rollback-requested'].includes(item.kind?.S ?? '');
      const [name = '', value = ''] = part.split(' = ');
      return item[names[name] ?? name]?.S === values[value]?.S;
    });
}

/** About as DynamoDB counts: the names and the values. */
const sizeOf = (item: Item): number => Buffer.byteLength(JSON.stringify(item));
