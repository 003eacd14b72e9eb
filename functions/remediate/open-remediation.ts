import { ulid } from 'ulid';
import { gone, type Resource } from '../../rules/rule';
import type { Again } from '../findings/attempt';
import { breaks } from '../log/chain';
import type { Subject } from '../log/event';
import { type Journal, openJournal } from '../log/journal';
import { subjectIn } from '../log/subject';
import type { Tools } from './ports';

interface Opening {
  readonly again: Again;
  readonly journal: Journal;
  /** Why the remediation that the message names is not gone on with. */
  readonly refused?: string;
}

/** The finding and the journal in which it is written: a new one, or that of the remediation it goes on with. */
export async function opening(again: Again, resource: Resource | typeof gone, received: Date, tools: Tools): Promise<Opening> {
  const { log, clock, warn } = tools;
  const { remediation, ...anew } = again;
  const fresh = () => openJournal(log, clock, subjectOf(again, resource, ulid(received.getTime()), tools));
  if (remediation !== undefined) {
    const events = await log.read(remediation);
    const [first] = events;
    const subject = subjectOf(again, resource, remediation, tools);
    const [broken] = breaks(events);
    if (broken) throw new Error(`The log of remediation ${remediation} can't be trusted, so nothing is changed. ${broken}`);
    if (first && first.rule === subject.rule && first.resource === subject.resource && first.detectedBy === subject.detectedBy) {
      return { again, journal: openJournal(log, clock, subjectIn(first), events) };
    }
    const refused = `The message names remediation ${remediation}, which is not of this rule and resource; it is taken for a finding.`;
    warn(refused, { remediation });
    return { again: anew, journal: fresh(), refused };
  }
  return { again: anew, journal: fresh() };
}

function subjectOf({ finding }: Again, resource: Resource | typeof gone, remediation: string, { rule, version }: Tools): Subject {
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
    resource: resource === gone ? named : resource.arn,
    resourceType: kind.type,
  };
}
