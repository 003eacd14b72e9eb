import { describe } from '../aws/error';
import { leaseKey } from '../coordination/lease-key';
import { hours } from '../duration';
import type { Attempt } from '../findings/attempt';
import type { LogEvent } from '../log/event';
import { nearHours } from '../policy/deadline';
import type { RemediationContext, Result } from './context';
import { dueIn, isCounted, left } from './due';
import type { Ports } from './ports';

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
 * Has the misconfiguration come back at its deadline, and if there are tickets also a day before it, once each, however often it is reported before.
 * A failure is only logged: then the next report comes after the deadline.
 */
export async function scheduleDeadline({ attempt, journal, ports, resource }: RemediationContext): Promise<void> {
  const { rule, openRemediations, clock } = ports;
  // A command line can schedule nothing.
  if (openRemediations.user !== undefined || journal.events.length === 0 || !isLeft(journal.events)) return;
  if (!isCounted(rule, journal.events.at(-1)?.outcome)) return;
  const { remediation, detectedBy } = journal.subject;
  try {
    const due = await dueIn({ attempt, journal, ports });
    if (!due || due.at <= clock.now()) return;
    const near = new Date(due.at.getTime() - hours(nearHours));
    const isFar = near > clock.now() && (await ports.policy()).tickets !== undefined;
    const { look: _, open: __, ...anew } = attempt;
    await ports.scheduleRetry(
      { ...anew, remediation, deferred: true, deadline: true, number: 0 },
      // A schedule has whole seconds, and must not be early for itself.
      new Date(Math.ceil((isFar ? near : due.at).getTime() / 1000) * 1000),
      `deadline${isFar ? ' near' : ''} ${leaseKey(rule, resource)} ${detectedBy}${rule.response ? ` ${remediation}` : ''}`,
    );
  } catch (error) {
    ports.warn('The deadline was not scheduled', { remediation, error: describe(error) });
  }
}
