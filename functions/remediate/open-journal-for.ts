import { ulid } from 'ulid';
import type { Resource } from '../../rules/rule';
import { sameJson } from '../canonical-json';
import type { Attempt } from '../findings/attempt';
import type { Finding } from '../findings/finding';
import type { Identified } from '../findings/identify';
import type { LogEvent, Subject } from '../log/event';
import { type Journal, openJournal } from '../log/journal';
import { subjectIn } from '../log/subject';
import type { ResourceCode } from './codes';
import { isContinuable } from './continuable';
import { isLeft } from './deadline';
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
  const { deadline: _, ...continued } = attempt;
  const { remediation, deferred, ...anew } = continued;
  const anewIn = { attempt: anew, journal: openJournal(log, clock, subjectOf(attempt, resource, ulid(received.getTime()), ports)) };
  if (remediation === undefined) return anewIn;
  const events = await log.read(remediation);
  const last = events.at(-1);
  // The worker that deferred it died before it logged that.
  if (!last && deferred) return anewIn;
  const subject = subjectOf(attempt, resource, remediation, ports);
  try {
    checkChain(events, remediation);
  } catch (error) {
    if (error instanceof BrokenLog) return { ...anewIn, broken: error };
    throw error;
  }
  if (last && isOfFinding(events, subject, attempt)) {
    const goOn = (about: Subject): OpenedJournal => ({ attempt: continued, journal: openJournal(log, clock, about, events) });
    if (isVisibleNow(last, subject, attempt)) return goOn(subject);
    if (isAbout(last, subject, resource, attempt)) return canContinue(events, attempt) ? goOn(subjectIn(last, ports.version)) : anewIn;
  }
  const refused = `The message refers to remediation ${remediation}, which is for ${whatOf(events, attempt)}. It is processed as a new finding.`;
  warn(refused, { remediation });
  return { ...anewIn, refused };
}

const canContinue = (events: readonly LogEvent[], { deadline }: Attempt): boolean =>
  isContinuable(events) || (deadline === true && isLeft(events));

/** Whether the remediation may be of the finding, as far as it does not depend on the resource. */
const isOfFinding = (events: readonly LogEvent[], { rule, detectedBy }: Subject, attempt: Attempt): boolean =>
  events.at(-1)?.rule === rule && events.at(-1)?.detectedBy === detectedBy && !hasOtherEvidence(events, attempt);

const whatOf = (events: readonly LogEvent[], attempt: Attempt): string =>
  hasOtherEvidence(events, attempt) ? 'a finding with other evidence' : 'another rule or resource';

/** The approval of a response is for what its finding says, which its first event has: another message must not say whom it contains. */
const hasOtherEvidence = ([first]: readonly LogEvent[], { finding }: Attempt): boolean =>
  first !== undefined && !sameJson(first.evidence ?? {}, finding.evidence ?? {});

/** A resource that was deleted meanwhile, or that nobody can tell, is known only as the finding names it. */
const isAbout = (last: LogEvent, subject: Subject, resource: Identified, { finding }: Attempt): boolean =>
  last.resource === subject.resource || (!isKnown(resource) && last.finding === finding.id);

/** A resource that AWS did not show before was named as the finding names it. The log says the rest of it by its ARN. */
const isVisibleNow = (last: LogEvent, { account, region, resource, resourceType }: Subject, { finding, deferred }: Attempt): boolean =>
  deferred === true &&
  last.code === ('not-visible' satisfies ResourceCode) &&
  last.resource !== resource &&
  last.resource === namedIn(finding) &&
  last.resourceType === resourceType &&
  last.finding === finding.id &&
  last.account === account &&
  last.region === region;

function subjectOf({ finding }: Attempt, resource: Identified, remediation: string, { rule, version }: Ports): Subject {
  const { id, source, detectedBy, partition, account, region } = finding;
  const { kind } = finding.resource;
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
    resource: isKnown(resource) ? resource.arn : namedIn(finding),
    resourceType: kind.type,
  };
}

const isKnown = (resource: Identified): resource is Resource => typeof resource === 'object' && 'arn' in resource;

const namedIn = ({ resource: { reported } }: Finding): string => ('arn' in reported ? reported.arn : reported.configId);
