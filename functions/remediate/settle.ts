import type { Change, Json, Plan } from '../../rules/rule';
import type { Outcome } from '../log/event';
import { isChanges } from '../plan/change';
import type { RefusalCode } from './codes';
import { announce, deferRetry, end, type RemediationContext, type Result, resultOf, write } from './context';
import type { Inspection } from './inspect-and-plan';
import type { Prepared } from './prepare';
import type { OpenRemediation, Resumption } from './resume';
import { notifyFixed, verifyAndRecord } from './verify-and-record';

/** The input of the decision: the inspected state, and at least one change. */
export interface Proposed {
  readonly state: Json;
  readonly changes: readonly Change[];
  readonly exempt?: readonly string[];
}

/** Ends if no decision is needed: an earlier worker made the changes, no change can fix the resource, or it is compliant. */
export async function settle(
  context: RemediationContext,
  prepared: Prepared,
  { state, plan, exempt }: Inspection,
): Promise<Result | Proposed> {
  const settled = await settleResumed(context, prepared, plan);
  if (settled) return settled;
  if (!isChanges(plan)) {
    const { code } = plan;
    if ('unfixable' in plan) return end(context, [{ kind: 'skipped', outcome: 'unfixable', code, reason: plan.unfixable, before: state }]);
    return deferRetry(context, plan.blocked, { kind: 'deferred', outcome: 'blocked', code });
  }
  if (plan.length > 0) return { state, changes: plan, ...(exempt && { exempt }) };
  if (exempt) return end(context, [{ kind: 'skipped', outcome: 'exempt', reason: `${exempt.join('; ')}.`, before: state }]);
  return end(context, [{ kind: 'skipped', outcome: 'already-compliant', reason: 'The rule found nothing to change.', before: state }]);
}

/** Undefined if changes remain to be made. */
async function settleResumed(context: RemediationContext, prepared: Prepared, plan: Plan): Promise<Result | undefined> {
  const { resumed } = prepared;
  if (resumed.status === 'none') return undefined;
  if (resumed.status === 'ended') return settleEnded(context, resumed, plan);
  return resumed.applied !== undefined || isDone(plan, resumed) ? verifyResumed(context, prepared, resumed) : undefined;
}

/** Irreversible changes wait for an approval, unless they were approved. */
const isDone = (plan: Plan, { approved }: { readonly approved: boolean }): boolean =>
  isChanges(plan) && plan.every((change) => 'irreversible' in change && !approved);

async function settleEnded(
  context: RemediationContext,
  ended: Extract<Resumption, { readonly status: 'ended' }>,
  plan: Plan,
): Promise<Result | undefined> {
  if (ended.outcome === 'fixed' && isDone(plan, ended)) {
    const before: RemediationContext = { ...context, journal: ended.journal };
    await notifyFixed(before);
    return resultOf(before, 'fixed', 'The resource was fixed before. The notification is repeated.');
  }
  return context.attempt.remediation === undefined ? undefined : refuseReplay(context, ended.outcome);
}

/** An approval is valid once. A repeated message is refused. */
async function refuseReplay(context: RemediationContext, outcome: Outcome): Promise<Result> {
  const reason = `The approval was used before, with the outcome ${outcome}. This attempt made no changes.`;
  await write(context, { kind: 'approval-refused', code: 'approval-used' satisfies RefusalCode, reason });
  context.ports.count({ RefusedRequests: 1 });
  const event = context.journal.events.at(-1);
  if (event) await announce(context, event);
  return resultOf(context, 'rejected', reason);
}

async function verifyResumed(
  context: RemediationContext,
  { inspectAndPlan, policy }: Prepared,
  { before, applied, approved }: OpenRemediation,
): Promise<Result> {
  return verifyAndRecord(context, {
    before,
    applied: applied ?? context.ports.clock.now().toISOString(),
    logged: applied !== undefined,
    inspectAndPlan,
    policy,
    approved,
  });
}
