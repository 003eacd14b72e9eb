import { ulid } from 'ulid';
import type { Rule } from '../../rules/rule';
import { describe } from '../aws/error';
import type { EventInput, Subject } from '../log/event';
import { openJournal } from '../log/journal';
import { ruleSummary } from '../outcomes/rule-summary';
import type { About } from './order-request';
import type { ControlPorts } from './ports';

/** In outcome events, a request about everything has the highest severity. */
const itself = { id: 'posture', title: 'The remediator itself', severity: 'critical', risk: 'safe' } as const;

/**
 * Logs and publishes an event about the central account, for a request that is not about a single resource, or about one that no remediation
 * has. Returns its remediation id.
 */
export async function writeCentralEvent(input: EventInput, ports: ControlPorts, rule?: Rule, about: About = {}): Promise<string> {
  const { log, clock, central, version } = ports;
  const remediation = ulid(clock.now().getTime());
  const subject: Subject = {
    ...central,
    remediation,
    rule: rule?.id ?? 'posture',
    version,
    finding: 'none',
    source: 'control',
    detectedBy: 'none',
    resource: `AWS::::Account:${central.account}`,
    resourceType: 'AWS::::Account',
    ...about,
  };
  const journal = openJournal(log, clock, subject);
  await journal.write(input);
  const [event] = journal.events;
  if (event) {
    await ports
      .publishOutcome({ event, rule: rule ? ruleSummary(rule) : itself })
      .catch((error: unknown) => ports.warn('The event was not published', { remediation, error: describe(error) }));
  }
  return remediation;
}
