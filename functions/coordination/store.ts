import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../clock';
import type { Attribution } from '../decision/facts';
import { countFailure, countRollback, forgetFailures } from './breaker';
import { type Fix, forgetFix } from './fixes';
import { putHold } from './hold';
import { type OpenAsk, putAsk } from './pending-approval';
import { type Denial, hasPermit, type PermitRequest, type PermittedPlan, takePermit } from './permit';
import { type About, type CoordinationRecord, readRecordedState } from './recorded-state';

/** The recorded state of a rule and its resources, with the updates by the rule's function. */
export interface CoordinationStore {
  read(about: About): Promise<CoordinationRecord>;
  /** Undefined: granted. */
  permit(request: PermitRequest): Promise<Denial | undefined>;
  /** Whether that plan has the permit of its phase. */
  hasPermit(permitted: PermittedPlan): Promise<boolean>;
  /** Removes a fix that was reverted when it failed, so that it does not count as changed back by others. */
  reverted(fix: Fix): Promise<void>;
  ask(request: { readonly rule: string; readonly resource: string; readonly ask: OpenAsk }): Promise<void>;
  /** Returns whether this failure opened the breaker, at `max` consecutive ones. */
  failed(rule: string, max: number): Promise<boolean>;
  succeeded(rule: string): Promise<void>;
  /** Returns whether this rollback opened the breaker, at `max` within 24 hours. */
  rolledBack(request: { readonly rule: string; readonly remediation: string; readonly max: number }): Promise<boolean>;
  hold(request: {
    readonly rule: string;
    readonly resource: string;
    readonly attribution: Attribution;
    readonly until: string;
  }): Promise<void>;
}

export function dynamoStore(client: DynamoDBClient, table: string, clock: Clock): CoordinationStore {
  return {
    read: (about) => readRecordedState(client, table, about, clock),
    permit: (request) => takePermit(client, table, request, clock),
    hasPermit: (permitted) => hasPermit(client, table, permitted),
    reverted: (fix) => forgetFix(client, table, fix),
    ask: (request) => putAsk(client, table, request),
    failed: (rule, max) => countFailure(client, table, { rule, max }, clock),
    succeeded: (rule) => forgetFailures(client, table, rule, clock),
    rolledBack: (request) => countRollback(client, table, request, clock),
    hold: (request) => putHold(client, table, request),
  };
}
