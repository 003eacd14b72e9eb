import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { openIndex } from '../../functions/coordination/keys';
import type { CoordinationTables } from '../../functions/coordination/tables';
import { indexedFields, logIndexes } from '../../functions/log/indexes';
import type { Account } from '../emulator/account';

/** What a child process needs to act in an emulator account. */
export const environmentOf = ({ configuration: { endpoint, region, credentials } }: Account) => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: region,
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_SESSION_TOKEN: credentials.sessionToken,
});

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
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['message', 'remediation', 'next'] },
        },
      ],
    }),
  );
}

/** Makes the tables of the hub in an account, as the app deploys them. */
export async function createTables(account: Account): Promise<void> {
  const client = account.client(DynamoDBClient);
  const attributes = Object.keys(logIndexes);
  await client.send(
    new CreateTableCommand({
      TableName: 'posture-log',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'sequence', AttributeType: 'N' },
        ...['remediation', 'time', ...attributes].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
      ],
      KeySchema: [
        { AttributeName: 'remediation', KeyType: 'HASH' },
        { AttributeName: 'sequence', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: Object.entries(logIndexes).map(([attribute, IndexName]) => ({
        IndexName,
        KeySchema: [
          { AttributeName: attribute, KeyType: 'HASH' },
          { AttributeName: 'time', KeyType: 'RANGE' },
        ],
        Projection: {
          ProjectionType: 'INCLUDE',
          NonKeyAttributes: [...indexedFields, 'outcome', 'code'].filter(
            (field) => ![attribute, 'time', 'remediation', 'sequence'].includes(field),
          ),
        },
      })),
    }),
  );
  await createOrderTables(client, { orders: 'posture-orders', coordination: 'posture-coordination' });
  client.destroy();
}
