import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { ticketIndex } from './indexes';
import { parseTrail, type RemediationName } from './trail';

/** A ticket of a recurring misconfiguration has many; the newest are found. */
const maxFound = 50;

/** The remediations of a ticket, the newest first. Only what the function of tickets wrote counts. */
export async function findByTicket(client: DynamoDBClient, table: string, ticket: string): Promise<readonly Required<RemediationName>[]> {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: table,
      IndexName: ticketIndex.name,
      KeyConditionExpression: '#ticket = :ticket',
      ExpressionAttributeNames: { '#ticket': ticketIndex.attribute },
      ExpressionAttributeValues: { ':ticket': { S: ticket } },
      ScanIndexForward: false,
      Limit: 500,
    }),
  );
  const found = Items.flatMap((item) => {
    const trail = parseTrail(item['trail']?.S ?? '');
    return trail?.by === 'tickets' ? [{ rule: trail.rule, remediation: trail.remediation }] : [];
  });
  return found.slice(0, maxFound);
}
