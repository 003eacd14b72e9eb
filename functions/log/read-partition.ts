import { type AttributeValue, type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { valuesOf } from '../aws/values-of';
import { systemClock } from '../clock';
import type { Partition } from './choose-index';
import type { LogEvent } from './event';
import { filterOf } from './filter-expression';
import { getEvents, placeOf } from './get-events';
import { indexedFields } from './indexes';
import type { Item } from './item';
import { type Filters, filtersOf, type LogEntry, type LogQuestion, passes } from './question';
import { forgeryIn, notATrail } from './read-item';
import { parseTrail } from './trail';

/** A part of what a partition has: its matching entries, each with its item, and where the next part begins. */
export interface PartitionPage {
  readonly found: readonly (readonly [item: Item, entry: LogEntry])[];
  /** The last item that was read; undefined at the end of the partition. */
  readonly last: Item | undefined;
}

/** How much is read: `items` at most, before the filters; of a sparse index, `matches` at most. */
export interface PageSize {
  readonly items?: number;
  readonly matches: number;
}

/** Reads on in a partition. */
export async function readPartition(
  { client, table }: { readonly client: DynamoDBClient; readonly table: string },
  partition: Partition,
  question: LogQuestion,
  { start, size }: { readonly start: Item | undefined; readonly size: PageSize },
): Promise<PartitionPage> {
  const filters = filtersOf(question, partition.attribute);
  const { Items = [], LastEvaluatedKey } = await client.send(
    new QueryCommand({
      TableName: table,
      IndexName: partition.name,
      ...conditions(question, partition, filters),
      ScanIndexForward: question.order === 'oldest-first',
      Limit: size.items,
      ExclusiveStartKey: start,
    }),
  );
  if (!partition.isSparse) return { found: Items.map((item) => [item, entryOf(item)] as const), last: LastEvaluatedKey };
  const wanted = Items.slice(0, size.matches);
  const found = await fromTable({ client, table }, wanted, filters);
  return { found, last: wanted.length < Items.length ? keyOf(wanted.at(-1), partition) : LastEvaluatedKey };
}

const keyOf = (item: Item | undefined, { attribute }: Partition): Item =>
  Object.fromEntries(['trail', 'sequence', 'time', attribute].flatMap((name) => (item?.[name] ? [[name, item[name]]] : [])));

function conditions({ since, until }: LogQuestion, { attribute, value }: Partition, filters: Filters) {
  const filter = filterOf(filters);
  return {
    KeyConditionExpression: '#by = :by AND #time BETWEEN :since AND :until',
    ...(filter.expression !== '' && { FilterExpression: filter.expression }),
    ExpressionAttributeNames: { '#by': attribute, '#time': 'time', ...filter.names },
    ExpressionAttributeValues: marshall({ ':by': value, ':since': since ?? '0', ':until': until ?? '9', ...filter.values }),
  };
}

/** The entries of the items of a sparse index, from the events themselves. */
async function fromTable(
  { client, table }: { readonly client: DynamoDBClient; readonly table: string },
  items: readonly Item[],
  filters: Filters,
): Promise<PartitionPage['found']> {
  const eventKey = (item: Item) => ({ trail: item.trail?.S ?? '', sequence: item.sequence?.N ?? '' });
  const read = await getEvents(client, table, items.map(eventKey), systemClock);
  return items.flatMap((item) => {
    const found = read.get(placeOf(eventKey(item)));
    if (found === undefined) return [];
    const entry = 'forged' in found ? { ...entryOf(item), forged: found.forged.why } : entryOfEvent(found.event, eventKey(item).trail);
    return entry.forged !== undefined || passes(entry, filters) ? [[item, entry] as const] : [];
  });
}

const entryOf = (item: Record<string, AttributeValue>): LogEntry => {
  const { trail, ...event } = valuesOf(item) as unknown as LogEvent & { readonly trail: string };
  return entryOfEvent(event, trail);
};

/** The entry of an event. Its rule and remediation are those of the key. */
function entryOfEvent(event: LogEvent, key: string): LogEntry {
  const trail = parseTrail(key);
  const fields = Object.fromEntries(indexedFields.map((field) => [field, event[field] ?? '']));
  const { sequence, outcome, code } = event;
  const forged = trail ? forgeryIn(trail, event, indexedFields) : notATrail(key);
  return {
    ...fields,
    sequence,
    trail: key,
    by: trail?.by ?? 'local',
    rule: trail?.rule ?? '',
    remediation: trail?.remediation ?? '',
    ...(typeof outcome === 'string' && { outcome }),
    ...(typeof code === 'string' && { code }),
    ...(forged !== undefined && { forged }),
  } as LogEntry;
}
