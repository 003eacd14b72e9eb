import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Rule } from '../../rules/rule';
import { everything } from '../log/trail';
import { collect } from './collect';
import { numbersOf } from './numbers/numbers';
import type { Span } from './numbers/span';
import { type Part, readRecords } from './read-records';
import type { Report } from './report';
import { type Standard, standardTitles } from './standards';

/** What a report is about. */
export interface ReportQuestion {
  readonly span: Span;
  /** None: all accounts. */
  readonly accounts?: readonly string[];
  readonly standard?: Standard;
}

/** What a report needs of a rule. */
export type ReportedRule = Pick<Rule, 'id' | 'severity'> & { readonly detectedBy: Pick<Rule['detectedBy'], 'securityHub'> };

/** Where the log is, and who reports when. */
export interface ReportSource {
  readonly dynamo: DynamoDBClient;
  readonly table: string;
  /** The ARN of the table. */
  readonly log: string;
  readonly rules: readonly ReportedRule[];
  readonly now: Date;
  readonly version: string;
  /** Gets the number of remediations that are read, each time: to stop, it throws. */
  readonly onRead?: (remediations: number) => void;
}

/** Reads the log of the period, and makes the report. Without accounts, the log is read rule by rule, otherwise account by account. */
export async function makeReport(
  { span, accounts = [], standard }: ReportQuestion,
  { dynamo, table, log, rules: known, now, version, onRead }: ReportSource,
): Promise<Report> {
  const rules = new Map(known.map((rule) => [rule.id, rule]));
  const parts: readonly Part[] =
    accounts.length > 0
      ? [...accounts.map((account) => ({ account })), { rule: everything }]
      : [...rules.keys(), everything].map((rule) => ({ rule }));
  const { integrity, ...read } = await collect(readRecords(dynamo, table, parts, span), {
    until: span.until,
    ...(onRead && { onRead }),
    severityOf: (rule) => rules.get(rule)?.severity ?? 'unknown',
  });
  const controlsOf = (rule: string) => rules.get(rule)?.detectedBy.securityHub ?? [];
  const numbers = numbersOf({ ...read, span, controlsOf, ...(standard !== undefined && { standard }) });
  const scope = scopeOf(accounts, standard);
  return { numbers, integrity, scope, made: now.getTime(), version, log, ...(standard !== undefined && { standard }) };
}

function scopeOf(accounts: readonly string[], standard: Standard | undefined): string {
  const places = accounts.length === 0 ? 'all accounts' : `account${accounts.length === 1 ? '' : 's'} ${accounts.join(', ')}`;
  return standard === undefined ? places : `${places}, ${standardTitles[standard]}`;
}
