import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Partition, partitionsOf } from './choose-index';
import { cursorAt, positionsOf } from './cursor';
import { filtersOf, type LogEntry, type LogPage, type LogQuestion } from './question';
import { type ReadAhead, readAhead } from './read-ahead';
import type { ForgedRecord } from './read-item';
import { type PageSize, readPartition } from './read-partition';

export type { LogEntry, LogPage, LogQuestion } from './question';

/** How many events the first read of a partition takes, before the filters. */
const maxPerRead = 500;
const minPerRead = 100;

interface PageOptions {
  readonly limit: number;
  /** The cursor of the page. */
  readonly after?: string;
  /** How many events each read takes; as many as the limit needs, if left out. */
  readonly perPage?: number;
  /** How many queries the page may take. It may have fewer entries then than match, and says how far it searched. */
  readonly maxReads?: number;
}

/**
 * A page of the matching events, from the most selective index: merged by time where this takes several partitions. Throws a RangeError for an
 * invalid cursor.
 */
export async function queryLog(client: DynamoDBClient, table: string, question: LogQuestion, options: PageOptions): Promise<LogPage> {
  const { limit, after, maxReads = Number.POSITIVE_INFINITY } = options;
  const partitions = partitionsOf(question);
  const starts = after === undefined ? partitions.map(() => 'start' as const) : positionsOf(after, partitions);
  const parts = partitions.map((partition, index) =>
    readAhead(starts[index] ?? 'start', (start, round) =>
      readPartition({ client, table }, partition, question, { start, size: sizeOf(isNarrow(question, partition), options, round) }),
    ),
  );
  const { entries, isCut } = await merge(parts, question, { limit, maxReads });
  const isMore = parts.some(({ position }) => position !== 'end');
  return {
    entries: inOrder(entries, question),
    ...(isMore && {
      next: cursorAt(
        parts.map(({ position }) => position),
        partitions,
      ),
    }),
    ...(isCut && { searchedTo: searchedTo(parts, question) }),
  };
}

/** Whether only some events of the partition match. */
function isNarrow(question: LogQuestion, { attribute }: Partition): boolean {
  const { equal, rules } = filtersOf(question, attribute);
  return equal.length > 0 || rules !== undefined;
}

/** What few events match is looked for in larger reads, after the first one: as large as DynamoDB allows. */
function sizeOf(narrow: boolean, { limit, perPage }: PageOptions, round: number): PageSize {
  const matches = limit + 1;
  if (!Number.isFinite(limit) || (narrow && round > 0)) return { matches };
  return { matches, items: perPage ?? (narrow ? maxPerRead : Math.min(maxPerRead, Math.max(minPerRead, 2 * limit))) };
}

/** The first entries of the parts in order. `isCut`: the reads did not suffice for the limit. */
async function merge(
  parts: readonly ReadAhead[],
  question: LogQuestion,
  { limit, maxReads }: { readonly limit: number; readonly maxReads: number },
): Promise<{ readonly entries: readonly LogEntry[]; readonly isCut: boolean }> {
  const entries: LogEntry[] = [];
  let left = maxReads;
  while (entries.length < limit) {
    const dry = parts.filter(({ isDry }) => isDry);
    if (dry.length > 0 && left > 0) {
      const read = dry.slice(0, left);
      left -= read.length;
      await Promise.all(read.map((one) => one.readOn()));
      continue;
    }
    const [first] = parts.filter(({ head }) => head).toSorted((a, b) => compare(a.head?.time, b.head?.time, question));
    const isKnown = dry.every(({ reached }) => reached !== undefined && compare(first?.head?.time, reached, question) <= 0);
    const entry = first && isKnown ? first.take() : undefined;
    if (!entry) return { entries, isCut: dry.length > 0 };
    entries.push(entry);
  }
  return { entries, isCut: false };
}

const directionOf = ({ order }: Pick<LogQuestion, 'order'>): 1 | -1 => (order === 'oldest-first' ? 1 : -1);

const compare = (a = '', b = '', question: Pick<LogQuestion, 'order'>): number => directionOf(question) * (Number(a > b) - Number(a < b));

/** The time up to which all parts were searched. */
function searchedTo(parts: readonly ReadAhead[], question: LogQuestion): string {
  const [first = ''] = parts.flatMap(({ isDry, reached }) => (isDry ? [reached ?? ''] : [])).toSorted((a, b) => compare(a, b, question));
  return first;
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
  for (let read = 0; read < max; read += maxPerRead) {
    // All events: a filter could have one page read any number of them.
    const page = await queryLog(client, table, { ...question, steps: true }, { limit: maxPerRead, ...(after !== undefined && { after }) });
    forged.push(...forgedIn(page.entries));
    const entry = page.entries.find((one) => one.forged === undefined && counts(one));
    if (entry) return { entry, forged };
    if (page.next === undefined) return { entry: 'none', forged };
    after = page.next;
  }
  return { entry: 'beyond', forged };
}

/** The forged records among the entries. */
export const forgedIn = (entries: readonly LogEntry[]): readonly ForgedRecord[] =>
  entries.flatMap(({ trail, sequence, forged }) => (forged === undefined ? [] : [{ trail, sequence, why: forged }]));

/** An index does not order events of the same millisecond. */
export function inOrder(entries: readonly LogEntry[], question: Pick<LogQuestion, 'order'>): readonly LogEntry[] {
  const key = ({ time, trail }: LogEntry) => `${time} ${trail}`;
  return entries.toSorted((a, b) => compare(key(a), key(b), question) || directionOf(question) * (a.sequence - b.sequence));
}
