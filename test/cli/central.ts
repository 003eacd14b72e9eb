import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { allIndexes } from '../../functions/log/indexes';
import { createOrderTables } from '../contract/order-tables';
import type { Account } from '../emulator/account';

/** What a child process needs to act in an emulator account. */
export const environmentOf = ({ configuration: { endpoint, region, credentials } }: Account) => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: region,
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_SESSION_TOKEN: credentials.sessionToken,
});

/** Makes the tables of the hub in an account, as the app deploys them. */
export async function createTables(account: Account): Promise<void> {
  const client = account.client(DynamoDBClient);
  const attributes = allIndexes.map(({ attribute }) => attribute);
  await client.send(
    new CreateTableCommand({
      TableName: 'posture-log',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'sequence', AttributeType: 'N' },
        ...['trail', 'time', ...attributes].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
      ],
      KeySchema: [
        { AttributeName: 'trail', KeyType: 'HASH' },
        { AttributeName: 'sequence', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: allIndexes.map(({ name, attribute, holds }) => ({
        IndexName: name,
        KeySchema: [
          { AttributeName: attribute, KeyType: 'HASH' },
          { AttributeName: 'time', KeyType: 'RANGE' },
        ],
        Projection: holds.length > 0 ? { ProjectionType: 'INCLUDE', NonKeyAttributes: [...holds] } : { ProjectionType: 'KEYS_ONLY' },
      })),
    }),
  );
  await createOrderTables(client, { orders: 'posture-orders', coordination: 'posture-coordination' });
  client.destroy();
}
