import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { eachOf } from '../concurrency';
import { parsed } from './cursor';
import { inOrder, queryLog } from './query';
import type { LogEntry, LogPage, LogQuestion } from './question';

/** How many rules are asked at the same time. */
const atOnce = 20;

/** Some more than are wanted, as DynamoDB counts what it reads before the filter. */
const minPerPage = 50;

/**
 * A page of the matching events of these rules, in all accounts: one query for each rule, merged by time. There is no index of everything, as each
 * change would pay for it. Throws a RangeError for an invalid cursor.
 */
export async function queryRules(
  client: DynamoDBClient,
  table: string,
  rules: readonly string[],
  question: Omit<LogQuestion, 'rule'>,
  { limit, after }: { readonly limit: number; readonly after?: string },
): Promise<LogPage> {
  const position = after === undefined ? undefined : positionOf(after);
  const perPage = Number.isFinite(limit) ? Math.min(500, Math.max(minPerPage, limit)) : 500;
  const pages = await eachOf(rules, atOnce, (rule) => pageOf(rule));
  const all = inOrder(
    pages.flatMap(({ entries }) => entries),
    question,
  );
  const entries = all.slice(0, limit);
  const last = entries.at(-1);
  const isMore = all.length > limit || pages.some(({ next }) => next !== undefined);
  return { entries, ...(isMore && last && { next: cursorAfter(last) }) };

  /** The entries of a rule after the position: those of its very moment are read again, and left out. */
  async function pageOf(rule: string): Promise<LogPage> {
    const from = { ...question, rule, ...(position && within(question, position)) };
    let next: string | undefined;
    const entries: LogEntry[] = [];
    do {
      const page = await queryLog(client, table, from, { limit, perPage, ...(next !== undefined && { after: next }) });
      entries.push(...page.entries.filter((entry) => position === undefined || isAfter(entry, position, question)));
      next = page.next;
    } while (next !== undefined && entries.length < limit);
    return { entries, ...(next !== undefined && { next }) };
  }
}

const shape = z.strictObject({ time: z.string(), trail: z.string(), sequence: z.number() });
type Position = z.infer<typeof shape>;

/** A place in the order of all events, which is the same for every rule. */
const cursorAfter = ({ time, trail, sequence }: LogEntry): string =>
  Buffer.from(JSON.stringify({ time, trail, sequence })).toString('base64url');

function positionOf(text: string): Position {
  const read = shape.safeParse(parsed(text));
  if (read.success) return read.data;
  throw new RangeError('The cursor is invalid, or belongs to a different query. Specify the cursor that the previous page ended with.');
}

function within({ order, since, until }: Omit<LogQuestion, 'rule'>, { time }: Position): Pick<LogQuestion, 'since' | 'until'> {
  if (order === 'oldest-first') return { since: since !== undefined && since > time ? since : time };
  return { until: until !== undefined && until < time ? until : time };
}

function isAfter(entry: LogEntry, position: Position, question: Pick<LogQuestion, 'order'>): boolean {
  if (entry.trail === position.trail && entry.sequence === position.sequence) return false;
  const marker = { ...entry, ...position };
  return inOrder([entry, marker], question)[0] === marker;
}
