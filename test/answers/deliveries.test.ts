import { CreateTableCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { type Deliveries, dynamoDeliveries } from '../../functions/answers/endpoint/deliveries';
import { useEmulator } from '../emulator/use';
import { memoryDeliveries } from './answering';

const emulator = useEmulator();
let dynamo: DynamoDBClient;

async function onTable(): Promise<Deliveries> {
  dynamo = (await emulator.account()).client(DynamoDBClient);
  await dynamo.send(
    new CreateTableCommand({
      TableName: 'posture-tickets',
      KeySchema: [{ AttributeName: 'key', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'key', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  return dynamoDeliveries(dynamo, 'posture-tickets', { now: () => new Date('2026-11-24T09:00:00Z'), sleep: async () => undefined });
}

describe.each([
  ['in DynamoDB', onTable],
  ['in memory, for other tests', async () => memoryDeliveries()],
] as const)('the deliveries %s', (_, open) => {
  it('are begun again until they are ended, and are replayed after that', async () => {
    const deliveries = await open();
    expect([await deliveries.begin('a'), await deliveries.begin('a'), await deliveries.begin('b')]).toEqual(['begun', 'begun', 'begun']);
    await deliveries.end('a');
    expect([await deliveries.begin('a'), await deliveries.begin('b')]).toEqual(['replayed', 'begun']);
  });
});

it('a delivery is forgotten after 30 days', async () => {
  await (await onTable()).begin('a');
  const { Item } = await dynamo.send(new GetItemCommand({ TableName: 'posture-tickets', Key: { key: { S: 'delivery a' } } }));
  expect(Number(Item?.['forget']?.N)).toBeGreaterThanOrEqual(Date.parse('2026-12-24T00:00:00Z') / 1000);
});
