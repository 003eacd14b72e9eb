import { CreateTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { openIndex } from '../../functions/coordination/keys';
import type { CoordinationTables } from '../../functions/coordination/tables';

/** Makes the tables with what people said and with what the functions count, as the app deploys them. */
export async function createOrderTables(client: DynamoDBClient, { orders, coordination }: CoordinationTables): Promise<void> {
  const keyed = { BillingMode: 'PAY_PER_REQUEST' as const, KeySchema: [{ AttributeName: 'key', KeyType: 'HASH' as const }] };
  const text = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' }) as const;
  await client.send(new CreateTableCommand({ TableName: orders, ...keyed, AttributeDefinitions: [text('key')] }));
  await client.send(
    new CreateTableCommand({
      TableName: coordination,
      ...keyed,
      AttributeDefinitions: [text('key'), text('open'), text('since')],
      GlobalSecondaryIndexes: [
        {
          IndexName: openIndex.name,
          KeySchema: [
            { AttributeName: 'open', KeyType: 'HASH' },
            { AttributeName: 'since', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['message', 'remediation', 'next', 'user'] },
        },
      ],
    }),
  );
}
