import type { Change } from '../../rules/rule';
import { leaseKey } from '../coordination/lease-key';
import type { Ask } from '../coordination/recorded-state';
import type { LastChange } from '../decision/facts';
import { hours, minutes } from '../duration';
import { retryMessage } from '../findings/retry-message';
import { namesOthers } from '../findings/same-evidence';
import type { LogEvent, Outcome } from '../log/event';
import { loggedChange } from '../plan/change';
import { differenceOf } from '../plan/difference';
import { hashOfPlan } from '../plan/hash';
import type { Policy } from '../policy/policy';
import { type EventBody, end, type OutcomeDetails, type RemediationContext, type Result } from './context';
import { nextAttempt } from './next-attempt';

export interface ApprovalOptions {
  readonly policy: Policy;
  readonly proposal: Omit<EventBody, 'kind' | 'outcome' | 'reason'> & { readonly plan: string };
  /** Why an approval is required, as a phrase. */
  readonly why: string;
  /** How the resource stands, as a sentence after a space, if changes of the remediation are in effect. */
  readonly stands: string;
  /** The plan that already awaits approval. */
  readonly open: Ask | undefined;
  readonly lastChange: LastChange | undefined;
  readonly details: OutcomeDetails;
}

/** Requests an approval of the plan, unless the same plan already awaits approval. */
export async function ask(
  context: RemediationContext,
  { policy, proposal, why, stands, open, lastChange, details }: ApprovalOptions,
): Promise<Result> {
  const now = context.ports.clock.now();
  if (open && open.hash === proposal.plan && new Date(open.expires) > now) {
    const { remediation, at, expires: until } = open;
    // After a refused approval, the plan still waits, and its approver has to be notified.
    if (remediation === context.journal.subject.remediation) {
      const reason = `Still requires approval until ${until} (${why}). This attempt made no changes.${stands}`;
      return end(context, [{ ...proposal, kind: 'approval-requested', outcome: 'awaiting-approval', reason, until }], details);
    }
    const events = await context.ports.log.read(remediation);
    if (waits(events)) {
      if (isForOthers(events, context) && stands === '') return askAfter(context, { open, proposal, details });
      const reason = `${waitsAlready}${at}, in remediation ${remediation}. This attempt made no changes.${stands}`;
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
  const reason = `Requires approval until ${until} (${why}). This attempt made no changes.${stands}${differs}${unanswered}`;
  const result = await end(context, [{ ...proposal, kind: 'approval-requested', outcome: 'awaiting-approval', reason, until }], details);
  await park(context, { plan: proposal.plan, until, now, changedBy: lastChange?.principal });
  return result;
}

/**
 * Whether the request of a response that comes back by itself was rejected, or replaced by another one. An approval that is used up leaves a plan in the
 * log.
 */
export const isAnswered = ({ attempt, journal, ports }: RemediationContext, open: Ask | undefined): boolean =>
  ports.rule.response === true &&
  attempt.deferred === true &&
  open?.remediation !== journal.subject.remediation &&
  journal.events.some(({ kind }) => kind === 'approval-requested') &&
  !journal.events.some(({ kind }) => kind === 'planned');

/** How the reason begins if the plan already awaits approval in another remediation. */
export const waitsAlready = 'The same plan has been awaiting approval since ';

/** Whether the remediation can still lead to a fix: it may have ended after its approval, for example as exempt. */
function waits(events: readonly LogEvent[]): boolean {
  const last = events.findLast(({ outcome }) => outcome !== undefined)?.outcome;
  return last === undefined || coming.includes(last);
}

const coming: readonly Outcome[] = ['awaiting-approval', 'partly-fixed', 'deferred', 'blocked', 'verifying'];

/** The approval of a response does not name its calls: what it contains follows from the evidence. */
const isForOthers = ([first]: readonly LogEvent[], { attempt, ports }: RemediationContext): boolean =>
  ports.rule.response === true && namesOthers(first?.evidence, attempt.finding.evidence);

/** One plan of a rule for a resource awaits approval at a time. The response to other credentials comes back until that is answered. */
async function askAfter(
  context: RemediationContext,
  { open, proposal, details }: Pick<ApprovalOptions, 'proposal' | 'details'> & { readonly open: Ask },
): Promise<Result> {
  const { attempt, journal, ports } = context;
  const { remediation } = journal.subject;
  const unanswered = new Date(Date.parse(open.expires) + minutes(1));
  const next = nextAttempt(attempt.number, ports.clock.now(), remediation);
  const at = next && next.at < unanswered ? next.at : unanswered;
  const number = next?.number ?? attempt.number;
  await ports.scheduleRetry(
    { ...attempt, remediation, deferred: true, number },
    at,
    `${remediation} after ${open.remediation} ${number} ${at.toISOString()}`,
  );
  const until = at.toISOString();
  const reason = `Remediation ${open.remediation} of the resource awaits approval since ${open.at}, and is about other credentials. This attempt made no changes. Next attempt at ${until}.`;
  return end(context, [{ ...proposal, kind: 'deferred', outcome: 'deferred', reason, until }], details);
}

export interface AskForRestOptions {
  readonly policy: Policy;
  readonly proof: Omit<EventBody, 'outcome' | 'reason'>;
  /** The irreversible changes. */
  readonly rest: readonly Change[];
  readonly details: OutcomeDetails;
}

/** Records the reversible changes as fixed, and requests an approval of the rest. */
export async function askForRest(context: RemediationContext, { policy, proof, rest, details }: AskForRestOptions): Promise<Result> {
  const now = context.ports.clock.now();
  const changes = rest.map(loggedChange);
  const plan = hashOfPlan(context.ports.rule, changes);
  const until = expiry(policy, now);
  const reason = `The reversible changes are applied. The rest requires approval until ${until}.`;
  const result = await end(context, [{ ...proof, outcome: 'partly-fixed', reason, changes, plan, until }], details);
  await park(context, { plan, until, now, changedBy: undefined });
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
  { attempt, journal, ports, resource }: RemediationContext,
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
