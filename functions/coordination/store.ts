import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../clock';
import type { Word } from '../decision/facts';
import { countFailure, countRollback, forgetFailures } from './breaker';
import { type Fix, forgetFix } from './fixes';
import { putHold } from './hold';
import { type OpenAsk, putAsk } from './pending-approval';
import { type Denial, type PermitRequest, takePermit } from './permit';
import { type About, type OnRecord, readStanding } from './recorded-state';

/** What stands on record about a rule and its resources, and what its function puts there. */
export interface Register {
  read(about: About): Promise<OnRecord>;
  /** Undefined: granted. */
  permit(request: PermitRequest): Promise<Denial | undefined>;
  /** A fix was taken back when it failed: it does not count among those that somebody changes back. */
  undone(fix: Fix): Promise<void>;
  ask(request: { readonly rule: string; readonly resource: string; readonly ask: OpenAsk }): Promise<void>;
  /** Whether the breaker opened by it, at so many in a row. */
  failed(rule: string, most: number): Promise<boolean>;
  succeeded(rule: string): Promise<void>;
  /** Whether the breaker opened by it, at so many within a day. */
  rolledBack(request: { readonly rule: string; readonly remediation: string; readonly most: number }): Promise<boolean>;
  hold(request: { readonly rule: string; readonly resource: string; readonly word: Word; readonly until: string }): Promise<void>;
}

export function dynamoRegister(client: DynamoDBClient, table: string, clock: Clock): Register {
  return {
    read: (about) => readStanding(client, table, about, clock),
    permit: (request) => takePermit(client, table, request, clock),
    undone: (fix) => forgetFix(client, table, fix),
    ask: (request) => putAsk(client, table, request),
    failed: (rule, most) => countFailure(client, table, { rule, most }, clock),
    succeeded: (rule) => forgetFailures(client, table, rule, clock),
    rolledBack: (request) => countRollback(client, table, request, clock),
    hold: (request) => putHold(client, table, request),
  };
}
