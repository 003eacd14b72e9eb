import { ulid } from 'ulid';
import type { Rule } from '../../rules/rule';
import { describe } from '../aws/fault';
import type { Happening, Subject } from '../log/event';
import { openJournal } from '../log/journal';
import { toldRule } from '../outcomes/rule-summary';
import type { ControlTools } from './ports';

/** To those who listen, an order for everything is of the highest weight. */
const itself = { id: 'posture', title: 'The remediator itself', severity: 'critical', risk: 'safe' } as const;

/** Logs an event about the central account, for what is ordered for no single resource, and tells those who listen. Answers its remediation. */
export async function writeCentralEvent(happening: Happening, tools: ControlTools, rule?: Rule): Promise<string> {
  const { log, clock, hub, version } = tools;
  const remediation = ulid(clock.now().getTime());
  const subject: Subject = {
    ...hub,
    remediation,
    rule: rule?.id ?? 'posture',
    version,
    finding: 'none',
    source: 'control',
    detectedBy: 'none',
    resource: `AWS::::Account:${hub.account}`,
    resourceType: 'AWS::::Account',
  };
  const journal = openJournal(log, clock, subject);
  await journal.write(happening);
  const [event] = journal.events;
  if (event) {
    await tools
      .tellOutcome({ event, rule: rule ? toldRule(rule) : itself })
      .catch((error: unknown) => tools.warn('The order was not told', { remediation, error: describe(error) }));
  }
  return remediation;
}
