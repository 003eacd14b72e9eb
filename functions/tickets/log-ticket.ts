import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../clock';
import { openJournal } from '../log/journal';
import { dynamoLog, isDuplicate } from '../log/log';
import type { OutcomeEvent } from '../outcomes/outcome-schema';
import { sanitize } from '../untrusted-text';

export interface TicketLogSettings {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly clock: Clock;
  readonly version: string;
  /** The ARN of the role that acts. */
  readonly actor: string;
}

/** Logs which ticket a remediation has, once, in a trail of its own. */
export function ticketLog({
  client,
  table,
  clock,
  version,
  actor,
}: TicketLogSettings): (event: OutcomeEvent, ticket: string) => Promise<void> {
  return async ({ rule: { id: rule }, remediation, finding, source, detectedBy, partition, account, region, resource }, given) => {
    const ticket = sanitize(given, 100);
    const subject = {
      ...{ remediation, rule, version, finding, source, detectedBy, partition, account, region },
      ...{ resource: resource.arn, resourceType: resource.type },
    };
    const journal = openJournal(dynamoLog(client, table, { by: 'tickets', rule }, { clock }), clock, subject);
    await journal.write({ kind: 'ticketed', reason: `The ticket of the misconfiguration is ${ticket}.`, actor, ticket }).catch((error) => {
      // This function wrote it before it was interrupted, and nobody else writes there.
      if (!isDuplicate(error)) throw error;
    });
  };
}
