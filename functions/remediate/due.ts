import type { Tags } from '../../rules/rule';
import { aliasesOf } from '../aws/arn';
import type { Attempt } from '../findings/attempt';
import { countedFrom } from '../findings/counted-from';
import type { LogEvent, Outcome } from '../log/event';
import type { Journal } from '../log/journal';
import { type Deadline, deadlineOf } from '../policy/deadline';
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

/** Until when the policy wants the misconfiguration to be ended, with an outcome that leaves it. Undefined also if the policy can't be read. */
export async function deadlineAfter(context: Ended, outcome: Outcome, details: Read): Promise<LogEvent['deadline']> {
  if (!unended.includes(outcome)) return undefined;
  const due = await dueIn(context, details).catch(() => undefined);
  return due && { at: due.at.toISOString(), action: due.action };
}

/** The time counts from the first event of the trail, which only this function writes. */
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
  return deadlineOf(policyFor(rule, await ports.policy()), about, {
    detectedAt: countedFrom(finding),
    receivedAt: journal.events[0]?.time ?? clock.now().toISOString(),
  });
}
