import type { Change, Json, Plan } from '../../rules/rule';
import type { Outcome } from '../log/event';
import { isChanges } from '../plan/change';
import { announce, type Ending, end, endForNow, endingOf, type Story, write } from './context';
import type { Look } from './inspect-and-plan';
import type { Prepared } from './prepare';
import type { OpenRemediation, Resumption } from './resume';
import { confirm, tell } from './verify-and-record';

/** What there is to decide upon: the state that was seen, and at least one change. */
export interface Proposed {
  readonly state: Json;
  readonly changes: readonly Change[];
}

/** Ends what needs no decision: what an earlier worker has done, what no change would fix, and what is compliant. */
export async function settle(story: Story, prepared: Prepared, { state, plan }: Look): Promise<Ending | Proposed> {
  const settled = await settleResumed(story, prepared, plan);
  if (settled) return settled;
  if (!isChanges(plan)) {
    if ('unfixable' in plan) return end(story, [{ kind: 'skipped', outcome: 'unfixable', reason: plan.unfixable, before: state }]);
    return endForNow(story, plan.blocked, { kind: 'deferred', outcome: 'blocked' });
  }
  if (plan.length > 0) return { state, changes: plan };
  return end(story, [{ kind: 'skipped', outcome: 'already-compliant', reason: 'The resource is as it should be.', before: state }]);
}

/** Undefined where changes are still to be made. */
async function settleResumed(story: Story, prepared: Prepared, plan: Plan): Promise<Ending | undefined> {
  const { resumed } = prepared;
  if (resumed.status === 'none') return undefined;
  if (resumed.status === 'ended') return settleEnded(story, resumed, plan);
  return resumed.applied !== undefined || isDone(plan, resumed) ? verifyResumed(story, prepared, resumed) : undefined;
}

/** What can't be undone waits, unless it is what was approved. */
const isDone = (plan: Plan, { approved }: { readonly approved: boolean }): boolean =>
  isChanges(plan) && plan.every((change) => 'irreversible' in change && !approved);

async function settleEnded(
  story: Story,
  ended: Extract<Resumption, { readonly status: 'ended' }>,
  plan: Plan,
): Promise<Ending | undefined> {
  if (ended.outcome === 'fixed' && isDone(plan, ended)) {
    const before: Story = { ...story, journal: ended.journal };
    await tell(before);
    return endingOf(before, 'fixed', 'The resource was fixed before; it is told again.');
  }
  return story.again.remediation === undefined ? undefined : refuseReplay(story, ended.outcome);
}

/** An approval is for once: the same message again is of no use. */
async function refuseReplay(story: Story, outcome: Outcome): Promise<Ending> {
  const reason = `The approval was used before, and that ended as ${outcome}; nothing was changed.`;
  await write(story, { kind: 'approval-refused', reason });
  story.tools.count({ RefusedOrders: 1 });
  const event = story.journal.events.at(-1);
  if (event) await announce(story, event);
  return endingOf(story, 'rejected', reason);
}

async function verifyResumed(story: Story, { look, policy }: Prepared, { before, applied, approved }: OpenRemediation): Promise<Ending> {
  return confirm(story, {
    before,
    applied: applied ?? story.tools.clock.now().toISOString(),
    logged: applied !== undefined,
    look,
    policy,
    approved,
  });
}
