import type { Json } from '../../rules/rule';
import { describe, isTransient } from '../aws/error';
import type { Fix } from '../coordination/fixes';
import type { Lease } from '../coordination/lease';
import { leaseKey } from '../coordination/lease-key';
import { type Evaluation, outcomeDetailsOf } from '../facts/evaluate';
import type { LoggedChange } from '../log/event';
import { checkReplayable, loggedChange } from '../plan/change';
import { type Application, apply } from './apply';
import { deferRetry, type OutcomeDetails, type RemediationContext, type Result, write } from './context';
import { endFailed } from './failed';
import type { Prepared } from './prepare';
import type { ApprovalOptions } from './request-approval';
import type { Resumption } from './resume';
import { verifyAndRecord } from './verify-and-record';

/** A fix that was decided, with its permit. */
export interface Permitted {
  /** The inspected state. */
  readonly state: Json;
  readonly proposal: ApprovalOptions['proposal'];
  readonly evaluation: Evaluation;
}

/** Logs the plan, makes the changes, and verifies them. */
export async function carryOut(context: RemediationContext, lease: Lease, prepared: Prepared, permitted: Permitted): Promise<Result> {
  const { resource, resumed, policy, parameters, inspectAndPlan } = prepared;
  const { state, proposal, evaluation } = permitted;
  const { decision, record } = evaluation;
  const { aws, journal, ports } = context;
  const { rule, clock } = ports;
  const fix = { rule: rule.id, resource: leaseKey(rule, resource), remediation: journal.subject.remediation, plan: proposal.plan };
  await intend(context, lease, { permitted, resumed, fix });

  const application = await apply(decision.changes, { rule, resource, aws, clock, before: state, parameters, inspectAndPlan });
  const details = outcomeDetailsOf(evaluation);
  if (application.result !== 'applied') return endUnapplied(context, prepared, { application, fix, details });
  return verifyAndRecord(context, {
    before: resumed.status === 'open' ? resumed.before : state,
    applied: clock.now().toISOString(),
    logged: false,
    inspectAndPlan,
    policy,
    approved: decision.approved,
    details,
    failures: record?.failures ?? 0,
  });
}

interface Intent {
  readonly permitted: Permitted;
  readonly resumed: Resumption;
  readonly fix: Fix;
}

/** Logs the changes before the first one is sent. */
async function intend(context: RemediationContext, lease: Lease, { permitted, resumed, fix }: Intent): Promise<void> {
  const { proposal, evaluation } = permitted;
  const changes = evaluation.decision.changes.map(loggedChange);
  try {
    checkReplayable(context.ports.rule, changes);
    // The next worker must find this plan, not that of an earlier worker without one.
    if (fix.remediation !== lease.remediation) await lease.remember(fix.remediation);
    await write(context, { ...proposal, changes, kind: 'planned', reason: intention(changes, resumed) });
  } catch (error) {
    // The permit counts as a fix, and there will be none.
    await forgetFix(context, fix);
    throw error;
  }
}

const intention = (changes: readonly LoggedChange[], { status }: Resumption): string =>
  `${status === 'open' ? 'Continued after an interruption: ' : ''}${changes.map((change) => `${change.do.service}:${change.do.operation}`).join(', ')}.`;

interface Unapplied {
  readonly application: Exclude<Application, { readonly result: 'applied' }>;
  readonly fix: Fix;
  readonly details: OutcomeDetails;
}

/** Ends after a failed change: retries later if the error is transient, and fails otherwise. */
async function endUnapplied(context: RemediationContext, { policy }: Prepared, { application, fix, details }: Unapplied): Promise<Result> {
  const { error } = application;
  const failure = `A change failed (${describe(error)})`;
  if (application.result === 'left')
    return endFailed(context, policy, [{ kind: 'failed', outcome: 'failed', reason: `${failure}, and ${application.left}.` }], details);
  await forgetFix(context, fix);
  const reason = `${failure}. The state of the resource is ${application.exactly ? 'the same as before' : 'as close to the previous state as AWS allows'}.`;
  if (isTransient(error)) return deferRetry(context, reason, { kind: 'reverted', outcome: 'deferred' });
  return endFailed(context, policy, [{ kind: 'reverted', outcome: 'failed', reason }], details);
}

/** If this fails, the fix still counts for the drift loop, which can only restrict the rule. */
async function forgetFix({ ports }: RemediationContext, fix: Fix): Promise<void> {
  await ports.store.reverted(fix).catch((error: unknown) => ports.warn('A reverted fix still counts', { error: describe(error) }));
}
