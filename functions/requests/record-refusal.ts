import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ulid } from 'ulid';
import type { Place, Rule } from '../../rules/rule';
import { describe } from '../aws/error';
import type { Clock } from '../clock';
import type { Subject } from '../log/event';
import { openJournal } from '../log/journal';
import { dynamoLog } from '../log/log';
import { everything } from '../log/trail';
import type { OutcomeNotice } from '../outcomes/outcome-event';
import { ruleSummary } from '../outcomes/rule-summary';
import { sanitize } from '../untrusted-text';
import type { Received } from './receive';

export interface RefusalPorts {
  readonly dynamo: DynamoDBClient;
  readonly logTable: string;
  readonly rules: ReadonlyMap<string, Rule>;
  readonly central: Place;
  readonly version: string;
  /** The ARN of the role that acts. */
  readonly actor: string;
  readonly clock: Clock;
  readonly publishOutcome: (notice: OutcomeNotice) => Promise<void>;
  readonly warn: (message: string, details: Record<string, unknown>) => void;
}

/** In outcome events, a request that names no rule of ours is about nothing in particular. */
const unnamed = { id: everything, title: 'A request that names no deployed rule', severity: 'medium', risk: 'safe' } as const;

/** Logs a refused request in a trail of its own, and publishes it: EventBridge has told its sender that it was accepted. Returns the id. */
export async function recordRefusal(
  { code, reason, about: { requester, reference, ...about } }: Extract<Received, { readonly code: string }>,
  { dynamo, logTable, rules, central, version, actor, clock, publishOutcome, warn }: RefusalPorts,
): Promise<string> {
  const rule = about.rule === undefined ? undefined : rules.get(about.rule);
  const remediation = ulid(clock.now().getTime());
  const subject: Subject = {
    ...central,
    remediation,
    version,
    finding: 'none',
    source: 'custom',
    detectedBy: 'none',
    resource: `AWS::::Account:${central.account}`,
    resourceType: 'AWS::::Account',
    ...about,
    rule: rule?.id ?? everything,
  };
  const journal = openJournal(dynamoLog(dynamo, logTable, { by: 'requests', rule: subject.rule }, { clock }), clock, subject);
  await journal.write({
    kind: 'request-refused',
    code,
    reason: sanitize(reason, 4000),
    actor,
    ...(requester !== undefined && { requester }),
    ...(reference !== undefined && { reference }),
  });
  const [event] = journal.events;
  if (event)
    await publishOutcome({ event, rule: rule ? ruleSummary(rule) : unnamed }).catch((error: unknown) =>
      warn('The event was not published', { remediation, error: describe(error) }),
    );
  return remediation;
}
