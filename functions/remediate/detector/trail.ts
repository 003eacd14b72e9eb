import { leaseKey } from '../../coordination/lease-key';
import type { Attempt } from '../../findings/attempt';
import { resourceOf } from '../../findings/identify';
import { findBreaks } from '../../log/chain';
import type { LogEvent } from '../../log/event';
import { openJournal } from '../../log/journal';
import { subjectIn } from '../../log/subject';
import type { RemediationContext } from '../context';
import type { Ports } from '../ports';
import { type FixToConfirm, fixToConfirm } from './fix-to-confirm';

/** A remediation whose detector is asked. */
export interface Hearing {
  readonly context: RemediationContext;
  readonly fix: FixToConfirm;
  /** The key of the lease on the resource. */
  readonly lease: string;
  /** A remediation that handled the resource after it, and about which the detector is asked instead. */
  readonly later?: string;
}

/** The remediation of the message; undefined if its detector has nothing to say about it any more. */
export async function readHearing(attempt: Attempt, ports: Ports): Promise<Hearing | undefined> {
  const { finding, remediation = '' } = attempt;
  const { rule, log, clock, looks, version, connect } = ports;
  const events = await log.read(remediation);
  const last = events.at(-1);
  const fix = fixToConfirm(events);
  if (!last || !fix || findBreaks(events).length > 0 || !isAbout(last, attempt, rule.id)) return undefined;
  const resource = resourceOf(rule, last);
  const lease = leaseKey(rule, resource);
  const look = await looks.find({ rule: rule.id, resource: lease }, finding.detectedBy);
  const journal = openJournal(log, clock, subjectIn(last, version), events);
  const later = look && look.remediation !== remediation ? { later: look.remediation } : {};
  return { fix, lease, ...later, context: { attempt, received: clock.now(), aws: connect(finding), journal, ports, resource } };
}

/** Whoever can invoke the function could have written the message. */
export const isAbout = ({ rule, finding, detectedBy, account, region }: LogEvent, { finding: said }: Attempt, id: string): boolean =>
  rule === id && finding === said.id && detectedBy === said.detectedBy && account === said.account && region === said.region;
