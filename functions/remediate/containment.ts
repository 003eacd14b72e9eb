import { notFound } from '../../rules/rule';
import { describe } from '../aws/error';
import { poll } from '../backoff';
import type { Containment } from '../coordination/containment';
import type { Held, Lease } from '../coordination/lease';
import { leaseKey } from '../coordination/lease-key';
import { days, minutes, seconds } from '../duration';
import { evaluate } from '../facts/evaluate';
import { isChanges, loggedChange } from '../plan/change';
import { hashOfPlan } from '../plan/hash';
import { phaseIn } from '../plan/intents';
import type { Policy } from '../policy/policy';
import type { RemediationContext } from './context';
import { prepareBy } from './prepare';

/** What the remediation contains from its permit on, if it is of a response. */
export function containmentBy(context: RemediationContext, policy: Policy, approvedBy?: string): Containment | undefined {
  const { journal, ports, resource } = context;
  if (!ports.rule.response) return undefined;
  const { remediation, finding, detectedBy } = journal.subject;
  const now = ports.clock.now();
  const review = new Date(now.getTime() + days(policy.responses.reviewDays)).toISOString();
  return {
    ...{ rule: ports.rule.id, remediation, finding, detectedBy, since: now.toISOString(), review },
    ...{ resource: resource.arn, account: resource.account, region: resource.region },
    ...(approvedBy !== undefined && { approvedBy }),
  };
}

/** Whether a response contains the resource, so that a worker of this rule stops at its next change. */
export async function isContained({ ports, resource }: Pick<RemediationContext, 'ports' | 'resource'>): Promise<boolean> {
  if (ports.rule.response) return false;
  return (await ports.store.containments(leaseKey(ports.rule, resource))).length > 0;
}

/** For how long an announcement keeps others away, if nothing follows. */
const announced = minutes(15);

/** Milliseconds between two tries to take the lease, while the other worker comes to its next change. */
const pauses = [250, 500, 1000, 2000];
/** The longest that a worker waits for its verification, with a margin; in seconds. */
const patience = 30;

/**
 * A response that is decided does not wait behind a fix: it announces the containment, and the other worker leaves the resource at its next
 * change. What is not decided pre-empts nobody.
 */
export async function preempt(context: RemediationContext, held: Held, acquire: () => Promise<Lease | Held>): Promise<Lease | Held> {
  const { ports, resource } = context;
  const { rule, store, clock, secondsLeft, warn } = ports;
  if (!rule.response || held.heldBy === rule.id) return held;
  try {
    const containment = await decidedContainment(context);
    if (!containment) return held;
    const expires = new Date(clock.now().getTime() + announced).toISOString();
    await store.announce(leaseKey(rule, resource), { ...containment, expires });
    return await poll(acquire, (one) => !('heldBy' in one), {
      clock,
      pauses,
      within: seconds(Math.min(patience, secondsLeft() / 2)),
    });
  } catch (error) {
    warn('The containment was not announced', { resource: resource.arn, error: describe(error) });
    return held;
  }
}

/** What would be contained, if the response to the finding is decided. Nothing is counted or logged. */
async function decidedContainment(context: RemediationContext): Promise<Containment | undefined> {
  const { attempt, aws, journal, ports, resource } = context;
  const prepared = await prepareBy(await ports.policy(), context);
  if ('problem' in prepared || 'unfixable' in prepared) return undefined;
  const { policy } = prepared;
  const seen = await prepared.inspectAndPlan();
  if (seen === notFound || !isChanges(seen.plan) || seen.plan.length === 0) return undefined;
  const plan = hashOfPlan(ports.rule, seen.plan.map(loggedChange));
  const occasion = { ...attempt, remediation: journal.subject.remediation, phase: phaseIn(journal.events).number, aws };
  const { decision } = await evaluate(occasion, { policy, resource, changes: seen.plan, plan }, ports);
  return decision.verdict === 'fix' ? containmentBy(context, policy) : undefined;
}
