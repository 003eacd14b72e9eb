import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../clock';
import type { Policy } from '../policy/policy';
import { countFailure, countRollback, forgetFailures, type Opened, type RuleInAccount } from './breaker';
import { announce, type ContainedBy, type Containment, endContainment, findContainments, type RecordedContainment } from './containment';
import { type Fix, forgetFix } from './fixes';
import type { ReadItems } from './get-items';
import { type Changing, mayChange } from './may-change';
import { type OpenAsk, putAsk } from './pending-approval';
import { forgetUnplanned, hasPermit, type PermittedPlan, takePermit, type Unplanned } from './permit';
import type { Denial, PermitRequest } from './permit-request';
import { type About, type CoordinationRecord, readRecordedState } from './recorded-state';
import type { CoordinationTables } from './tables';

/** The recorded state of a rule and its resources, with the updates by the rule's function. */
export interface CoordinationStore {
  read(about: About): Promise<CoordinationRecord>;
  permit(request: PermitRequest): Promise<'granted' | Denial>;
  /** Whether the rule may change the resource now: there is no stop, no breaker is open, and no response contains it. */
  mayChange(changing: Changing): Promise<boolean>;
  /** What contains the resource now. `lease`: the key of its lease. */
  containments(lease: string): Promise<readonly RecordedContainment[]>;
  /** Has workers of other rules leave the resource at their next change. */
  announce(lease: string, containment: Containment & { readonly expires: string }): Promise<void>;
  endContainment(lease: string, by: ContainedBy): Promise<void>;
  /** Whether that plan has the permit of its phase. */
  hasPermit(permitted: PermittedPlan): Promise<boolean>;
  /** Removes the fix of a permit whose plan is not in effect. */
  unplanned(phase: Unplanned): Promise<void>;
  /** Removes a fix that was reverted when it failed, so that it does not count as changed back by others. */
  reverted(fix: Fix): Promise<void>;
  ask(request: { readonly rule: string; readonly resource: string; readonly ask: OpenAsk }): Promise<void>;
  /** Returns which breaker this failure opened. */
  failed(request: RuleInAccount & { readonly breaker: Pick<Policy['breaker'], 'failures' | 'accounts'> }): Promise<Opened | undefined>;
  succeeded(place: RuleInAccount): Promise<void>;
  /** Returns which breaker this rollback opened. */
  rolledBack(
    request: RuleInAccount & { readonly remediation: string; readonly breaker: Pick<Policy['breaker'], 'rollbacks' | 'accounts'> },
  ): Promise<Opened | undefined>;
}

export function dynamoStore(client: DynamoDBClient, tables: CoordinationTables, clock: Clock, readItems?: ReadItems): CoordinationStore {
  const context = { client, tables, clock };
  return {
    read: (about) => readRecordedState(client, tables, about, clock, readItems),
    permit: (request) => takePermit(client, tables, request, clock),
    mayChange: (changing) => mayChange(client, tables, changing, clock),
    containments: (lease) => findContainments(client, tables.coordination, lease, clock.now()),
    announce: (lease, containment) => announce(client, tables.coordination, lease, containment, clock),
    endContainment: (lease, by) => endContainment(client, tables.coordination, lease, by, clock),
    hasPermit: (permitted) => hasPermit(client, tables, permitted),
    unplanned: (phase) => forgetUnplanned(client, tables, phase),
    reverted: (fix) => forgetFix(client, tables.coordination, fix),
    ask: (request) => putAsk(client, tables.coordination, request),
    failed: (request) => countFailure(context, request),
    succeeded: (place) => forgetFailures(context, place),
    rolledBack: (request) => countRollback(context, request),
  };
}
