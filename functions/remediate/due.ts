import type { Tags } from '../../rules/rule';
import { aliasesOf } from '../aws/arn';
import { seenAtOf } from '../facts/evaluate';
import type { Attempt } from '../findings/attempt';
import { countedFrom } from '../findings/counted-from';
import type { LogEvent, Outcome } from '../log/event';
import type { Journal } from '../log/journal';
import { type Deadline, deadlineOf } from '../policy/deadline';
import { escalationOf } from '../policy/escalation';
import { policyFor } from '../policy/policy-for';
import type { Ports } from './ports';

/** Ends that leave the misconfiguration, and that nothing comes back to before it is reported again. */
export const left: readonly (Outcome | undefined)[] = [
  'awaiting-approval',
  'observed',
  'unfixable',
  'disputed',
  'not-configured',
  'breaker-open',
  'drift-loop',
  'failed',
];

/** Outcomes that leave the misconfiguration, and for which nobody has decided that it may stay. */
const unended: readonly Outcome[] = [
  ...left.filter((one) => one !== undefined),
  'partly-fixed',
  'unverified',
  'incomplete',
  'blocked',
  'deferred',
];

interface Ended {
  readonly attempt: Attempt;
  readonly journal: Journal;
  readonly ports: Ports;
}

/** What was read of the resource and its account. */
interface Read {
  readonly tags?: Tags | undefined;
  readonly ous?: readonly string[] | undefined;
}

/** Of a response, nothing but an unanswered request for an approval is escalated. */
export const isCounted = ({ response }: Ports['rule'], outcome: Outcome | undefined): boolean =>
  response !== true || outcome === 'awaiting-approval';

/** Until when the policy wants the misconfiguration to be ended, with an outcome that leaves it. Undefined also if the policy can't be read. */
export async function deadlineAfter(context: Ended, outcome: Outcome, details: Read): Promise<LogEvent['deadline']> {
  if (!unended.includes(outcome) || !isCounted(context.ports.rule, outcome)) return undefined;
  const due = await dueIn(context, details).catch(() => undefined);
  return due && { at: due.at.toISOString(), action: due.action };
}

/** The time counts from the first event of the trail, or of a response from its request for an approval: only this function writes them. */
export async function dueIn({ attempt: { finding }, journal, ports }: Ended, { tags, ous }: Read = {}): Promise<Deadline | undefined> {
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

/** When the present phase requested its approval; ISO 8601. */
const askedAt = ({ events }: Ended['journal']): string | undefined => events.find(({ kind }) => kind === 'approval-requested')?.time;
