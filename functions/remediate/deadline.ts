import { aliasesOf } from '../aws/arn';
import { describe } from '../aws/error';
import { leaseKey } from '../coordination/lease-key';
import { seenAtOf } from '../facts/evaluate';
import type { Attempt } from '../findings/attempt';
import { countedFrom } from '../findings/counted-from';
import type { LogEvent, Outcome } from '../log/event';
import { type Deadline, deadlineOf } from '../policy/deadline';
import { escalationOf } from '../policy/escalation';
import { policyFor } from '../policy/policy-for';
import type { AttemptContext, OutcomeDetails, RemediationContext, Result } from './context';
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

/** Outcomes that leave the misconfiguration, and for which nobody has decided that it may stay. */
const unended: readonly Outcome[] = [
  ...left.filter((one) => one !== undefined),
  'partly-fixed',
  'unverified',
  'incomplete',
  'blocked',
  'deferred',
];

type Ended = Pick<AttemptContext, 'attempt' | 'journal' | 'ports'>;

/** Of a response, nothing but an unanswered request for an approval is escalated. */
const isCounted = ({ response }: Ports['rule'], outcome: Outcome | undefined): boolean =>
  response !== true || outcome === 'awaiting-approval';

/** Until when the policy wants the misconfiguration to be ended, with an outcome that leaves it. Undefined also if the policy can't be read. */
export async function deadlineAfter(context: Ended, outcome: Outcome, details: OutcomeDetails): Promise<LogEvent['deadline']> {
  if (!unended.includes(outcome) || !isCounted(context.ports.rule, outcome)) return undefined;
  const due = await dueIn(context, details).catch(() => undefined);
  return due && { at: due.at.toISOString(), action: due.action };
}

/** The time counts from the first event of the trail, or of a response from its request for an approval: only this function writes them. */
async function dueIn({ attempt: { finding }, journal, ports }: Ended, { tags, ous }: OutcomeDetails = {}): Promise<Deadline | undefined> {
  const { rule, clock } = ports;
  const { detectedBy, account, region, resource } = journal.subject;
  const { id, risk, severity, detectedBy: detectors } = rule;
  const unknown = { unknown: 'not read' };
  const about = {
    rule: { id, risk, severity, controls: detectors.securityHub },
    ...{ detectedBy, account, region, resource },
    aliases: aliasesOf(finding.resource.kind, resource),
    tags: tags ? { known: tags } : unknown,
    ous: ous ? { known: ous } : unknown,
  };
  const policy = policyFor(rule, await ports.policy());
  if (rule.response) {
    const response = { ...about, rule: { ...about.rule, response: true as const } };
    return escalationOf(policy, response, { askedAt: askedAt(journal) ?? clock.now().toISOString(), seenAt: seenAtOf(finding) });
  }
  return deadlineOf(policy, about, {
    detectedAt: countedFrom(finding),
    receivedAt: journal.events[0]?.time ?? clock.now().toISOString(),
  });
}

/**
 * Has the misconfiguration come back at its deadline, once, however often it is reported before. A failure is only logged: then the next report
 * comes after the deadline.
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
const askedAt = ({ events }: Ended['journal']): string | undefined => events.find(({ kind }) => kind === 'approval-requested')?.time;
