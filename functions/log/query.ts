import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { valuesOf } from '../aws/values-of';
import type { Kind, LogEvent } from './event';
import { indexedFields, logIndexes } from './indexes';
import type { Item } from './item';
import { type ForgedRecord, forgeryIn, notATrail } from './read-item';
import { parseTrail, type Trail } from './trail';

type Attribute = keyof typeof logIndexes;

/** A query of the log: at least one attribute; all given attributes must match. */
export type LogQuestion = { readonly [attribute in Attribute]?: string } & {
  /** ISO 8601 in UTC with milliseconds, both included. */
  readonly since?: string;
  readonly until?: string;
  /** All events, not only planned changes and outcomes. */
  readonly steps?: boolean;
  readonly order?: 'newest-first' | 'oldest-first';
};

/** An event in the indexes, without changes and states. Its rule and remediation are those of the key. */
export interface LogEntry extends Pick<LogEvent, (typeof indexedFields)[number] | 'sequence' | 'outcome' | 'code'> {
  /** The key of its trail. */
  readonly trail: string;
  readonly by: Trail['by'];
  /** Why the record is forged: its other fields say nothing then, and must not be used. */
  readonly forged?: string;
}

export interface LogPage {
  readonly entries: readonly LogEntry[];
  /** The cursor of the next page, which may be empty. */
  readonly next?: string;
}

/** The events that announce a change: an interrupted worker leaves only these. */
const announcements: readonly Kind[] = ['planned', 'rollback-requested'];

/** The maximum number of events that DynamoDB reads before it filters. */
const maxPerPage = 500;

/** A page of the matching events, from the most selective index. Throws a RangeError for an invalid query or cursor. */
export async function queryLog(
  client: DynamoDBClient,
  table: string,
  question: LogQuestion,
  { limit, after }: { readonly limit: number; readonly after?: string },
): Promise<LogPage> {
  const given = (Object.keys(logIndexes) as Attribute[]).filter((attribute) => question[attribute] !== undefined);
  const [attribute] = given;
  if (!attribute) throw new RangeError(`A query of the log requires at least one of ${Object.keys(logIndexes).join(', ')}; none is set.`);
  const value = question[attribute] ?? '';
  const wanted = conditions(question, attribute, given.slice(1));

  const entries: LogEntry[] = [];
  let last: Item | undefined;
  let start = after === undefined ? undefined : startOf(after, attribute, value);
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: table,
        IndexName: logIndexes[attribute],
        ...wanted,
        ScanIndexForward: question.order === 'oldest-first',
        Limit: maxPerPage,
        ExclusiveStartKey: start,
      }),
    );
    for (const item of page.Items ?? []) {
      if (entries.length >= limit && last) return { entries: inOrder(entries, question), next: cursorAt(last, attribute, value) };
      entries.push(entryOf(item));
      last = item;
    }
    start = page.LastEvaluatedKey;
    if (start && entries.length >= limit && last) return { entries: inOrder(entries, question), next: cursorAt(last, attribute, value) };
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

function conditions({ since, until, steps, ...question }: LogQuestion, attribute: Attribute, others: readonly Attribute[]) {
  const values: Record<string, string> = {
    ':by': question[attribute] ?? '',
    ':since': since ?? '0',
    ':until': until ?? '9',
  };
  const names: Record<string, string> = { '#by': attribute, '#time': 'time' };
  const filters = others.map((other) => {
    names[`#${other}`] = other;
    values[`:${other}`] = question[other] ?? '';
    return `#${other} = :${other}`;
  });
  // A query by outcome matches only events with an outcome.
  if (!steps && question.outcome === undefined) {
    names['#outcome'] = 'outcome';
    names['#kind'] = 'kind';
    const kinds = announcements.map((kind, index) => {
      values[`:intent${index}`] = kind;
      return `:intent${index}`;
    });
    filters.push(`(attribute_exists(#outcome) OR #kind IN (${kinds.join(', ')}))`);
  }
  return {
    KeyConditionExpression: '#by = :by AND #time BETWEEN :since AND :until',
    ...(filters.length > 0 && { FilterExpression: filters.join(' AND ') }),
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: marshall(values),
  };
}

function entryOf(item: Item): LogEntry {
  const { trail: key, ...event } = valuesOf(item) as unknown as LogEvent & { readonly trail: string };
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
function inOrder(entries: readonly LogEntry[], { order }: LogQuestion): readonly LogEntry[] {
  const direction = order === 'oldest-first' ? 1 : -1;
  const key = ({ time, trail }: LogEntry) => `${time} ${trail}`;
  return entries.toSorted((a, b) => direction * (Number(key(a) > key(b)) - Number(key(a) < key(b)) || a.sequence - b.sequence));
}

const cursor = z.strictObject({
  trail: z.string(),
  /** As the table has it: a forged item may have a number that is no safe integer. */
  sequence: z.string().regex(/^[-+.\dE]{1,60}$/i),
  time: z.string(),
  attribute: z.string(),
  value: z.string(),
});

function cursorAt({ trail, sequence, time }: Item, attribute: Attribute, value: string): string {
  return Buffer.from(JSON.stringify({ trail: trail?.S, sequence: sequence?.N, time: time?.S, attribute, value })).toString('base64url');
}

function startOf(text: string, attribute: Attribute, value: string): Item {
  const read = cursor.safeParse(parsed(Buffer.from(text, 'base64url').toString()));
  if (!read.success) throw new RangeError('The cursor is invalid. Specify the cursor that the previous page ended with.');
  const { trail, sequence, time } = read.data;
  if (read.data.attribute !== attribute || read.data.value !== value)
    throw new RangeError('The cursor belongs to a different query. Repeat that query, or remove the cursor.');
  return { ...marshall({ trail, time, [attribute]: value }), sequence: { N: sequence } };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
