import type { Change, Resource } from '../../rules/rule';
import { leaseKey } from '../coordination/lease-key';
import type { Ask } from '../coordination/recorded-state';
import type { LastChange } from '../decision/facts';
import { hours, minutes } from '../duration';
import { resourceOf } from '../findings/identify';
import { retryMessage } from '../findings/retry-message';
import type { LogEvent, Outcome } from '../log/event';
import { loggedChange } from '../plan/change';
import { differenceOf } from '../plan/difference';
import { hashOfPlan } from '../plan/hash';
import type { Policy } from '../policy/policy';
import { type EventBody, end, type OutcomeDetails, type RemediationContext, type Result } from './context';

export interface ApprovalOptions {
  readonly policy: Policy;
  readonly resource: Resource;
  readonly proposal: Omit<EventBody, 'kind' | 'outcome' | 'reason'> & { readonly plan: string };
  /** Why it is asked, a phrase. */
  readonly why: string;
  /** What is asked already. */
  readonly open: Ask | undefined;
  readonly lastChange: LastChange | undefined;
  readonly details: OutcomeDetails;
}

/** Parks the plan until a person approves it, unless the very same is asked already. */
export async function ask(
  context: RemediationContext,
  { policy, resource, proposal, why, open, lastChange, details }: ApprovalOptions,
): Promise<Result> {
  const now = context.ports.clock.now();
  if (open && open.hash === proposal.plan && new Date(open.expires) > now) {
    const { remediation, at, expires: until } = open;
    // What was refused waits on, and whoever tried to approve it has to hear of that.
    if (remediation === context.journal.subject.remediation) {
      const reason = `Still requires approval until ${until} (${why}). No changes were made.`;
      return end(context, [{ ...proposal, kind: 'approval-requested', outcome: 'awaiting-approval', reason, until }], details);
    }
    if (await waits(remediation, context)) {
      const reason = `${waitsAlready}${at}, in remediation ${remediation}. No changes were made.`;
      return end(context, [{ ...proposal, kind: 'approval-requested', outcome: 'awaiting-approval', reason, until }], {
        ...details,
        repeated: true,
      });
    }
  }
  const before = context.journal.events.findLast(({ kind }) => kind === 'approval-requested');
  const differs =
    before?.changes && before.plan !== proposal.plan
      ? ` The plan differs from the previous one: ${differenceOf(before.changes, proposal.changes ?? [])}.`
      : '';
  const unanswered =
    open && open.hash === proposal.plan && new Date(open.expires) <= now
      ? ` The same plan, in remediation ${open.remediation}, was not answered before ${open.expires}.`
      : '';
  const until = expiry(policy, now);
  const reason = `Requires approval until ${until} (${why}). No changes were made.${differs}${unanswered}`;
  const result = await end(context, [{ ...proposal, kind: 'approval-requested', outcome: 'awaiting-approval', reason, until }], details);
  await park(context, resource, { plan: proposal.plan, until, now, changedBy: lastChange?.principal });
  return result;
}

/** What an `asked` event begins with whose plan waits as another remediation. */
export const waitsAlready = 'The same plan has been awaiting approval since ';

/** Whether the remediation can still come to its fix: one that was approved may have ended otherwise, as exempt, and waits no more. */
async function waits(remediation: string, { ports }: RemediationContext): Promise<boolean> {
  const last = (await ports.log.read(remediation)).findLast(({ outcome }) => outcome !== undefined)?.outcome;
  return last === undefined || coming.includes(last);
}

const coming: readonly Outcome[] = ['awaiting-approval', 'partly-fixed', 'deferred', 'blocked', 'verifying'];

export interface AskForRestOptions {
  readonly policy: Policy;
  readonly bodies: readonly EventBody[];
  readonly proof: Omit<EventBody, 'outcome' | 'reason'>;
  /** The changes that can't be undone. */
  readonly rest: readonly Change[];
  readonly details: OutcomeDetails;
}

/** Records that what can be undone is done, and parks the rest until a person approves it. */
export async function askForRest(
  context: RemediationContext,
  { policy, bodies, proof, rest, details }: AskForRestOptions,
): Promise<Result> {
  const now = context.ports.clock.now();
  const changes = rest.map(loggedChange);
  const plan = hashOfPlan(changes);
  const until = expiry(policy, now);
  const reason = `The reversible changes are applied. The rest requires approval until ${until}.`;
  const result = await end(context, [...bodies, { ...proof, outcome: 'partly-fixed', reason, changes, plan, until }], details);
  await park(context, resourceOf(context.ports.rule, context.journal.subject as LogEvent), { plan, until, now, changedBy: undefined });
  return result;
}

const expiry = ({ approvals }: Policy, now: Date): string => new Date(now.getTime() + hours(approvals.hours)).toISOString();

interface ParkOptions {
  readonly plan: string;
  readonly until: string;
  readonly now: Date;
  readonly changedBy: string | undefined;
}

async function park(
  { attempt, journal, ports }: RemediationContext,
  resource: Resource,
  { plan, until, now, changedBy }: ParkOptions,
): Promise<void> {
  const { remediation } = journal.subject;
  // Security Hub reports a misconfiguration again within a day. Other sources do not, so the request is repeated here.
  if (attempt.finding.source !== 'security-hub') {
    const { remediation: _, ...anew } = attempt;
    await ports.scheduleRetry({ ...anew, number: 0 }, new Date(Date.parse(until) + minutes(1)), `${remediation} unanswered until ${until}`);
  }
  await ports.store.ask({
    rule: ports.rule.id,
    resource: leaseKey(ports.rule, resource),
    ask: {
      remediation,
      hash: plan,
      at: now.toISOString(),
      expires: until,
      message: retryMessage({ ...attempt, number: 0, remediation }),
      ...(attempt.requestedBy !== undefined && { requestedBy: attempt.requestedBy }),
      ...(changedBy !== undefined && { changedBy }),
    },
  });
}
