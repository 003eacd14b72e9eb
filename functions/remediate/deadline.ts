import { describe } from '../aws/error';
import { leaseKey } from '../coordination/lease-key';
import { seenAtOf } from '../facts/evaluate';
import type { Attempt } from '../findings/attempt';
import type { LogEvent, Outcome } from '../log/event';
import { deadlineOf } from '../policy/deadline';
import { escalationOf } from '../policy/escalation';
import { policyFor } from '../policy/policy-for';
import type { RemediationContext, Result } from './context';
import type { Ports } from './ports';

/** Ends that leave the misconfiguration, and that nothing comes back to before it is reported again. */
const left: readonly (Outcome | undefined)[] = [
  'awaiting-approval',
  'observed',
  'unfixable',
  'disputed',
  'not-configured',
  'breaker-open',
  'drift-loop',
  'failed',
];

/** Whether nothing was planned, and the misconfiguration is left: then a message at the deadline continues the remediation. */
export const isLeft = (events: readonly Pick<LogEvent, 'kind' | 'outcome'>[]): boolean =>
  !events.some(({ kind }) => kind === 'planned') && left.includes(events.findLast(({ outcome }) => outcome !== undefined)?.outcome);

/** What comes back at a deadline, and has ended meanwhile or is handled otherwise: nothing is to be said of it. */
export async function endBeforeDeadline(
  { finding: { resource }, remediation = '', deadline }: Attempt,
  { log }: Ports,
): Promise<Result | undefined> {
  if (!deadline) return undefined;
  const events = await log.read(remediation);
  // What was deferred at the deadline comes back by itself.
  if (isLeft(events) || events.findLast(({ outcome }) => outcome !== undefined)?.outcome === 'deferred') return undefined;
  return {
    remediation,
    resource: 'arn' in resource.reported ? resource.reported.arn : resource.reported.configId,
    outcome: 'already-compliant',
    reason: 'The deadline passed after the remediation had ended.',
  };
}

/**
 * Has the misconfiguration come back at its deadline, once, however often it is reported before. The time counts from the first event of the
 * trail, which only this function writes. A failure is only logged: then the next report comes after the deadline.
 */
export async function scheduleDeadline({ attempt, journal, ports, resource }: RemediationContext): Promise<void> {
  const { rule, openRemediations, clock } = ports;
  const [first] = journal.events;
  // A command line can schedule nothing.
  if (openRemediations.user !== undefined || !first || !isLeft(journal.events)) return;
  // Nothing but an unanswered request of a response is escalated.
  if (rule.response && journal.events.at(-1)?.outcome !== 'awaiting-approval') return;
  const { remediation, detectedBy } = journal.subject;
  try {
    const { id, risk, severity, detectedBy: detectors } = rule;
    const unknown = { unknown: 'not read' };
    const about = {
      rule: { id, risk, severity, controls: detectors.securityHub },
      ...{ detectedBy, account: resource.account, region: resource.region, resource: resource.arn, tags: unknown, ous: unknown },
    };
    const policy = policyFor(rule, await ports.policy());
    const due = rule.response
      ? escalationOf(
          policy,
          { ...about, rule: { ...about.rule, response: true } },
          { askedAt: askedAt(journal), seenAt: seenAtOf(attempt.finding) },
        )
      : deadlineOf(policy, about, { detectedAt: attempt.finding.detectedAt, receivedAt: first.time });
    if (!due || due.at <= clock.now()) return;
    const { look: _, open: __, ...anew } = attempt;
    await ports.scheduleRetry(
      { ...anew, remediation, deferred: true, deadline: true, number: 0 },
      // A schedule has whole seconds, and must not be early for itself.
      new Date(Math.ceil(due.at.getTime() / 1000) * 1000),
      `deadline ${leaseKey(rule, resource)} ${detectedBy}${rule.response ? ` ${remediation}` : ''}`,
    );
  } catch (error) {
    ports.warn('The deadline was not scheduled', { remediation, error: describe(error) });
  }
}

/** When the present phase requested its approval; ISO 8601. */
const askedAt = ({ events }: RemediationContext['journal']): string =>
  events.find(({ kind }) => kind === 'approval-requested')?.time ?? events[0]?.time ?? '';
