import { ulid } from 'ulid';
import type { Resource } from '../../rules/rule';
import type { Attempt } from '../findings/attempt';
import type { Identified } from '../findings/identify';
import type { LogEvent, Subject } from '../log/event';
import { type Journal, openJournal } from '../log/journal';
import { subjectIn } from '../log/subject';
import type { ResourceCode } from './codes';
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
  const anewIn = { attempt: anew, journal: openJournal(log, clock, subjectOf(attempt, resource, ulid(received.getTime()), ports)) };
  if (remediation === undefined) return anewIn;
  const events = await log.read(remediation);
  const [first] = events;
  // The worker that deferred it died before it logged that.
  if (!first && deferred) return anewIn;
  const subject = subjectOf(attempt, resource, remediation, ports);
  try {
    checkChain(events, remediation);
  } catch (error) {
    if (error instanceof BrokenLog) return { ...anewIn, broken: error };
    throw error;
  }
  if (first && first.rule === subject.rule && isAbout(first, subject, resource, attempt) && first.detectedBy === subject.detectedBy) {
    if (!isContinuable(events)) return anewIn;
    return { attempt, journal: openJournal(log, clock, subjectIn(first, ports.version), events) };
  }
  if (first && isVisibleNow(first, subject, events, attempt)) return anewIn;
  const refused = `The message refers to remediation ${remediation}, which is for another rule or resource. It is processed as a new finding.`;
  warn(refused, { remediation });
  return { ...anewIn, refused };
}

/** A resource that was deleted meanwhile, or that nobody can tell, is known only as the finding names it. */
const isAbout = (first: LogEvent, subject: Subject, resource: Identified, { finding }: Attempt): boolean =>
  first.resource === subject.resource || (!isKnown(resource) && first.finding === finding.id);

/** A resource that could not be identified before was named as the finding names it. */
const isVisibleNow = (first: LogEvent, { rule }: Subject, events: readonly LogEvent[], { finding, deferred }: Attempt): boolean =>
  deferred === true &&
  first.rule === rule &&
  first.finding === finding.id &&
  events.at(-1)?.code === ('not-visible' satisfies ResourceCode);

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
