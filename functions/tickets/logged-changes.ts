import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { LoggedChange } from '../log/event';
import { readTrail } from '../log/read-trail';
import type { OutcomeEvent } from '../outcomes/outcome-schema';

/** Reads the changes of a remediation from the trail of its rule, which nobody else writes. */
export function loggedChanges(client: DynamoDBClient, table: string): (event: OutcomeEvent) => Promise<readonly LoggedChange[]> {
  return async ({ rule: { id: rule }, remediation }) => {
    const { events } = await readTrail(client, table, { by: 'rule', rule, remediation });
    return events.findLast(({ changes }) => changes !== undefined)?.changes ?? [];
  };
}
