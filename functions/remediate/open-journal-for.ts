import { ulid } from 'ulid';
import type { Resource } from '../../rules/rule';
import type { Attempt } from '../findings/attempt';
import type { Identified } from '../findings/identify';
import type { LogEvent, Subject } from '../log/event';
import { type Journal, openJournal } from '../log/journal';
import { subjectIn } from '../log/subject';
import { isContinuable } from './continuable';
import { BrokenLog, checkChain } from './distrusted';
import type { Ports } from './ports';

interface OpenedJournal {
  readonly attempt: Attempt;
  readonly journal: Journal;
  /** Why the remediation that the message names is not continued. */
  readonly refused?: string;
  /** It is not continued, as its log can't be believed. */
  readonly broken?: BrokenLog;
}

/** The finding and its journal: a new one, or that of the remediation to continue. */
export async function openJournalFor(attempt: Attempt, resource: Identified, received: Date, ports: Ports): Promise<OpenedJournal> {
  const { log, clock, warn } = ports;
  const { remediation, deferred, ...anew } = attempt;
  const fresh = () => openJournal(log, clock, subjectOf(attempt, resource, ulid(received.getTime()), ports));
  if (remediation !== undefined) {
    const events = await log.read(remediation);
    const [first] = events;
    // The worker that deferred it died before it logged that.
    if (!first && deferred) return { attempt: anew, journal: fresh() };
    const subject = subjectOf(attempt, resource, remediation, ports);
    try {
      checkChain(events, remediation);
    } catch (error) {
      if (error instanceof BrokenLog) return { attempt: anew, journal: fresh(), broken: error };
      throw error;
    }
    if (first && first.rule === subject.rule && isAbout(first, subject, resource, attempt) && first.detectedBy === subject.detectedBy) {
      if (!isContinuable(events)) return { attempt: anew, journal: fresh() };
      return { attempt, journal: openJournal(log, clock, subjectIn(first, ports.version), events) };
    }
    const refused = `The message refers to remediation ${remediation}, which is for another rule or resource. It is processed as a new finding.`;
    warn(refused, { remediation });
    return { attempt: anew, journal: fresh(), refused };
  }
  return { attempt: anew, journal: fresh() };
}

/** A resource that was deleted meanwhile, or that nobody can tell, is known only as the finding names it. */
const isAbout = (first: LogEvent, subject: Subject, resource: Identified, { finding }: Attempt): boolean =>
  first.resource === subject.resource || (!isKnown(resource) && first.finding === finding.id);

function subjectOf({ finding }: Attempt, resource: Identified, remediation: string, { rule, version }: Ports): Subject {
  const { id, source, detectedBy, partition, account, region } = finding;
  const { reported, kind } = finding.resource;
  const named = 'arn' in reported ? reported.arn : reported.configId;
  return {
    remediation,
    rule: rule.id,
    version,
    finding: id,
    source,
    detectedBy,
    partition,
    account,
    region,
    resource: isKnown(resource) ? resource.arn : named,
    resourceType: kind.type,
  };
}

const isKnown = (resource: Identified): resource is Resource => typeof resource === 'object' && 'arn' in resource;
