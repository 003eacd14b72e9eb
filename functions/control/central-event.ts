import { ulid } from 'ulid';
import type { Rule } from '../../rules/rule';
import { describe } from '../aws/error';
import type { EventInput, Subject } from '../log/event';
import { everything } from '../log/trail';
import { ruleSummary } from '../outcomes/rule-summary';
import { openControlJournal } from './control-journal';
import type { About } from './order-request';
import type { ControlPorts } from './ports';

/** In outcome events, a request about everything has the highest severity. */
const itself = { id: everything, title: 'The remediator itself', severity: 'critical', risk: 'safe' } as const;

/**
 * Logs and publishes an event about the central account, for a request that is not about a single resource, or about one that no remediation
 * has. Returns its remediation id.
 */
export async function writeCentralEvent(input: EventInput, ports: ControlPorts, rule?: Rule, about: About = {}): Promise<string> {
  const subject = { ...centralSubject(ports, rule), ...about };
  const { remediation } = subject;
  const event = await openControlJournal(ports, subject).write(input);
  await ports
    .publishOutcome({ event, rule: rule ? ruleSummary(rule) : itself })
    .catch((error: unknown) => ports.warn('The event was not published', { remediation, error: describe(error) }));
  return remediation;
}

/** The subject of an event that is not about a single resource: the central account. */
export function centralSubject({ clock, central, version }: Pick<ControlPorts, 'clock' | 'central' | 'version'>, rule?: Rule): Subject {
  return {
    ...central,
    remediation: ulid(clock.now().getTime()),
    rule: rule?.id ?? everything,
    version,
    finding: 'none',
    source: 'control',
    detectedBy: 'none',
    resource: `AWS::::Account:${central.account}`,
    resourceType: 'AWS::::Account',
  };
}
