import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../clock';
import type { Attribution } from '../decision/facts';
import { countFailure, countRollback, forgetFailures } from './breaker';
import { type Fix, forgetFix } from './fixes';
import { putHold } from './hold';
import { type OpenAsk, putAsk } from './pending-approval';
import { type Denial, type PermitRequest, takePermit } from './permit';
import { type About, type CoordinationRecord, readRecordedState } from './recorded-state';

/** What stands on record about a rule and its resources, and what its function puts there. */
export interface CoordinationStore {
  read(about: About): Promise<CoordinationRecord>;
  /** Undefined: granted. */
  permit(request: PermitRequest): Promise<Denial | undefined>;
  /** A fix was taken back when it failed: it does not count among those that somebody changes back. */
  reverted(fix: Fix): Promise<void>;
  ask(request: { readonly rule: string; readonly resource: string; readonly ask: OpenAsk }): Promise<void>;
  /** Whether the breaker opened by it, at so many in a row. */
  failed(rule: string, max: number): Promise<boolean>;
  succeeded(rule: string): Promise<void>;
  /** Whether the breaker opened by it, at so many within a day. */
  rolledBack(request: { readonly rule: string; readonly remediation: string; readonly max: number }): Promise<boolean>;
  hold(request: { readonly rule: string; readonly resource: string; readonly attribution: Attribution; readonly until: string }): Promise<void>;
}

export function dynamoStore(client: DynamoDBClient, table: string, clock: Clock): CoordinationStore {
  return {
    read: (about) => readRecordedState(client, table, about, clock),
    permit: (request) => takePermit(client, table, request, clock),
    reverted: (fix) => forgetFix(client, table, fix),
    ask: (request) => putAsk(client, table, request),
    failed: (rule, max) => countFailure(client, table, { rule, max }, clock),
    succeeded: (rule) => forgetFailures(client, table, rule, clock),
    rolledBack: (request) => countRollback(client, table, request, clock),
    hold: (request) => putHold(client, table, request),
  };
}
