import type { Change, Plan } from '../../rules/rule';
import { sameJson } from '../canonical-json';
import { leaseKey } from '../coordination/lease-key';
import type { Outcome } from '../log/event';
import { isChanges, loggedChange } from '../plan/change';
import { openIntents, stateBefore } from '../plan/intents';
import type { DisputeCode, RefusalCode } from './codes';
import { announce, deferRetry, type EventBody, end, type RemediationContext, type Result, resultOf, write } from './context';
import { askLater } from './detector/ask-later';
import { forgetOpen } from './forget-open';
import { halt } from './halt';
import type { Inspection } from './inspect-and-plan';
import type { Prepared } from './prepare';
import type { OpenRemediation, Resumption } from './resume';
import { standingOf } from './standing';
import { notifyFixed, verifyAndRecord } from './verify-and-record';

/** The input of the decision: the inspected state, and at least one change. */
export interface Proposed extends Inspection {
  readonly changes: readonly Change[];
}

/** Ends if no decision is needed: an earlier worker made the changes, no change can fix the resource, or it is compliant. */
export async function settle(context: RemediationContext, prepared: Prepared, seen: Inspection): Promise<Result | Proposed> {
  const settled = await settleResumed(context, prepared, seen);
  if (settled) return settled;
  const { state, plan } = seen;
  if (!isChanges(plan)) return endObstructed(context, seen, plan);
  if (plan.length > 0) return { ...seen, changes: plan };
  const result = await end(context, [{ ...compliantEnd(seen), ...prepared.logged, before: state }]);
  if (result.outcome === 'already-compliant') await askLater(context);
  return result;
}

/** The end if there is nothing to change, but for exempt parts, and for what the policy does not want. */
export function compliantEnd({ exempt, unmet }: Pick<Inspection, 'exempt' | 'unmet'>): EventBody & { readonly outcome: Outcome } {
  if (unmet !== undefined)
    return {
      kind: 'skipped',
      outcome: 'disputed',
      code: 'policy-below-detector' satisfies DisputeCode,
      reason: `${unmet}. Nothing was changed.`,
    };
  return exempt
    ? { kind: 'skipped', outcome: 'exempt', code: 'parts-exempt', reason: `${exempt.join('; ')}.` }
    : { kind: 'skipped', outcome: 'already-compliant', reason: 'The rule found nothing to change.' };
}

async function endObstructed(context: RemediationContext, seen: Inspection, obstacle: Exclude<Plan, readonly Change[]>): Promise<Result> {
  const { code } = obstacle;
  const why = 'unfixable' in obstacle ? obstacle.unfixable : obstacle.blocked;
  return halt(context, { code, why, seen }, (known) =>
    'unfixable' in obstacle
      ? end(known, [{ kind: 'skipped', outcome: 'unfixable', code, reason: why, before: seen.state }])
      : deferRetry(known, why, { kind: 'deferred', outcome: 'blocked', code }),
  );
}

/** Undefined if changes remain to be made. */
async function settleResumed(context: RemediationContext, prepared: Prepared, seen: Inspection): Promise<Result | undefined> {
  const { resumed } = prepared;
  const open = openIntents(context.journal.events);
  // With an intent of this attempt, the one that ended is settled already.
  if (open.length === 0) return resumed.status === 'ended' ? settleEnded(context, resumed, seen.plan) : undefined;
  const approved = resumed.status === 'open' && resumed.permitted?.approvedBy !== undefined;
  const applied = resumed.status === 'open' ? (resumed.applied ?? acceptedAt(context, resumed, seen.plan)) : undefined;
  if (applied === undefined && !isDone(seen.plan, approved)) return undefined;
  const standing = await standingOf(context, seen);
  // Somebody else made the changes: there is nothing of ours to verify.
  if (standing.status === 'nothing-made') return undefined;
  const known = standing.status === 'half-done' && applied === undefined ? { ...context, effects: standing.effects } : context;
  return verifyAndRecord(known, {
    before: stateBefore(open) ?? seen.state,
    applied: applied ?? context.ports.clock.now().toISOString(),
    logged: applied !== undefined,
    seen: applied === undefined,
    inspectAndPlan: prepared.inspectAndPlan,
    policy: prepared.policy,
    approved,
  });
}

/**
 * When AWS accepted the changes, in ISO 8601. Only for a slow rule, and only if every change still planned was sent and can't be reverted: those changes
 * are not sent again, even with an approval. Undefined if any other change remains.
 */
function acceptedAt({ journal, ports: { rule } }: RemediationContext, { accepted }: OpenRemediation, plan: Plan): string | undefined {
  if (rule.settle === undefined || !isChanges(plan)) return undefined;
  const sent = openIntents(journal.events).flatMap(({ changes, effects }) => changes.filter((_, index) => effects[index] === 'accepted'));
  const isSent = (change: Change): boolean => 'irreversible' in change && sent.some((one) => sameJson(one.do, loggedChange(change).do));
  return plan.every(isSent) ? accepted : undefined;
}

/** Irreversible changes wait for an approval, unless they were approved. */
const isDone = (plan: Plan, approved: boolean): boolean => isChanges(plan) && plan.every((change) => !('undo' in change) && !approved);

async function settleEnded(
  context: RemediationContext,
  ended: Extract<Resumption, { readonly status: 'ended' }>,
  plan: Plan,
): Promise<Result | undefined> {
  const { rule } = context.ports;
  const { remediation } = ended.journal.subject;
  const item = { rule: rule.id, resource: leaseKey(rule, context.resource), remediation };
  const forget = () => forgetOpen(item, ended.journal.events, context.ports);
  if (ended.outcome === 'fixed' && isDone(plan, ended.approved)) {
    const before: RemediationContext = { ...context, journal: ended.journal };
    await notifyFixed(before);
    await forget();
    // What was deferred to this attempt must not wait in the log for ever.
    if (isAwaited(context) && context.journal !== ended.journal) return endFixedBy(context, remediation);
    return resultOf(before, 'fixed', 'The resource was fixed before. The notification is repeated.');
  }
  await forget();
  return context.attempt.remediation === remediation ? refuseReplay(context, ended.outcome) : undefined;
}

/** Whether an earlier attempt announced this one in the log. */
const isAwaited = ({ attempt }: RemediationContext): boolean => attempt.number > 0 || attempt.remediation !== undefined;

function endFixedBy(context: RemediationContext, remediation: string): Promise<Result> {
  const reason = `Remediation ${remediation} has fixed the resource. This attempt made no changes.`;
  return end(context, [{ kind: 'skipped', outcome: 'already-compliant', reason }]);
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
