import { type AttributeValue, type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { valuesOf } from '../aws/values-of';
import { systemClock } from '../clock';
import { type ChosenIndex, chooseIndex } from './choose-index';
import { cursorAt, startOf } from './cursor';
import type { LogEvent } from './event';
import { filterOf } from './filter-expression';
import { getEvents, placeOf } from './get-events';
import { indexedFields, logIndexes } from './indexes';
import type { Item } from './item';
import { type Filters, filtersOf, type LogEntry, type LogPage, type LogQuestion, passes } from './question';
import { type ForgedRecord, forgeryIn, notATrail } from './read-item';
import { parseTrail } from './trail';

export type { LogEntry, LogPage, LogQuestion } from './question';

/** The maximum number of events that DynamoDB reads before it filters. */
const maxPerPage = 500;

/** A page of the matching events, from the most selective index. Throws a RangeError for an invalid query or cursor. */
export async function queryLog(
  client: DynamoDBClient,
  table: string,
  question: LogQuestion,
  { limit, after, perPage = maxPerPage }: { readonly limit: number; readonly after?: string; readonly perPage?: number },
): Promise<LogPage> {
  const index = chooseIndex(question);
  if (!index) throw new RangeError(`A query of the log requires at least one of ${Object.keys(logIndexes).join(', ')}; none is set.`);
  const filters = filtersOf(question, index.attribute);

  const entries: LogEntry[] = [];
  let last: Item | undefined;
  let start = after === undefined ? undefined : startOf(after, index);
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: table,
        IndexName: index.name,
        ...conditions(question, index, filters),
        ScanIndexForward: question.order === 'oldest-first',
        // What a sparse index finds is read from the table, so not much more than is wanted.
        Limit: index.isSparse ? Math.min(perPage, limit + 1) : perPage,
        ExclusiveStartKey: start,
      }),
    );
    for (const [item, entry] of await entriesOf(client, table, page.Items ?? [], { index, filters })) {
      if (entries.length >= limit && last) return { entries: inOrder(entries, question), next: cursorAt(last, index) };
      entries.push(entry);
      last = item;
    }
    start = page.LastEvaluatedKey;
    if (start && entries.length >= limit && last) return { entries: inOrder(entries, question), next: cursorAt(last, index) };
  } while (start);
  return { entries: inOrder(entries, question) };
}

/** The maximum number of events that `findEntry` reads. */
const maxSought = 10_000;

/** The newest matching event that counts; `beyond`: it is not among the newest ones, and older ones were not read. */
export interface FoundEntry {
  readonly entry: LogEntry | 'none' | 'beyond';
  /** The forged records before it. */
  readonly forged: readonly ForgedRecord[];
}

/** Finds the newest matching event that counts, past all that do not: anybody may write any number of events, with any time, into their own trails. */
export async function findEntry(
  client: DynamoDBClient,
  table: string,
  question: LogQuestion,
  counts: (entry: LogEntry) => boolean,
  max = maxSought,
): Promise<FoundEntry> {
  const forged: ForgedRecord[] = [];
  let after: string | undefined;
  for (let read = 0; read < max; read += maxPerPage) {
    // All events: a filter could have one page read any number of them.
    const page = await queryLog(client, table, { ...question, steps: true }, { limit: maxPerPage, ...(after !== undefined && { after }) });
    forged.push(...forgedIn(page.entries));
    const entry = page.entries.find((one) => one.forged === undefined && counts(one));
    if (entry) return { entry, forged };
    if (page.next === undefined) return { entry: 'none', forged };
    after = page.next;
  }
  return { entry: 'beyond', forged };
}

function conditions({ since, until }: LogQuestion, { attribute, value, isSparse }: ChosenIndex, filters: Filters) {
  const filter = isSparse ? undefined : filterOf(filters);
  return {
    KeyConditionExpression: '#by = :by AND #time BETWEEN :since AND :until',
    ...(filter && filter.expression !== '' && { FilterExpression: filter.expression }),
    ExpressionAttributeNames: { '#by': attribute, '#time': 'time', ...filter?.names },
    ExpressionAttributeValues: marshall({ ':by': value, ':since': since ?? '0', ':until': until ?? '9', ...filter?.values }),
  };
}

/** The entries of the items of an index, each with its item. Those of a sparse index are read from the table, and filtered here. */
async function entriesOf(
  client: DynamoDBClient,
  table: string,
  items: readonly Item[],
  { index, filters }: { readonly index: ChosenIndex; readonly filters: Filters },
): Promise<readonly (readonly [item: Item, entry: LogEntry])[]> {
  if (!index.isSparse) return items.map((item) => [item, entryOf(item)] as const);
  const keyOf = (item: Item) => ({ trail: item.trail?.S ?? '', sequence: item.sequence?.N ?? '' });
  const read = await getEvents(client, table, items.map(keyOf), systemClock);
  return items.flatMap((item) => {
    const found = read.get(placeOf(keyOf(item)));
    if (found === undefined) return [];
    const entry = 'forged' in found ? { ...entryOf(item), forged: found.forged.why } : entryOfEvent(found.event, keyOf(item).trail);
    return entry.forged !== undefined || passes(entry, filters) ? [[item, entry] as const] : [];
  });
}

const entryOf = (item: Record<string, AttributeValue>): LogEntry => {
  const { trail, ...event } = valuesOf(item) as unknown as LogEvent & { readonly trail: string };
  return entryOfEvent(event, trail);
};

/** The entry of an event. */
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

/** The forged records among the entries. */
export const forgedIn = (entries: readonly LogEntry[]): readonly ForgedRecord[] =>
  entries.flatMap(({ trail, sequence, forged }) => (forged === undefined ? [] : [{ trail, sequence, why: forged }]));

/** An index does not order events of the same millisecond. */
export function inOrder(entries: readonly LogEntry[], { order }: Pick<LogQuestion, 'order'>): readonly LogEntry[] {
  const direction = order === 'oldest-first' ? 1 : -1;
  const key = ({ time, trail }: LogEntry) => `${time} ${trail}`;
  return entries.toSorted((a, b) => direction * (Number(key(a) > key(b)) - Number(key(a) < key(b)) || a.sequence - b.sequence));
}
