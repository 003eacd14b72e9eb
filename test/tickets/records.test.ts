import { CreateTableCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { ticketKeys } from '../../functions/ticket-records/ticket-keys';
import { dynamoRecords, leaseFor } from '../../functions/tickets/dynamo-records';
import { LeaseLost, type TicketRecords } from '../../functions/tickets/record';
import { useEmulator } from '../emulator/use';
import { memoryRecords } from './memory-records';

const emulator = useEmulator();
const mark = 'posture-0123456789abcdef';
let now = 0;
let dynamo: DynamoDBClient;
beforeEach(() => {
  now = Date.parse('2026-11-24T13:05:00Z');
});

async function onTable(): Promise<TicketRecords> {
  const account = await emulator.account();
  dynamo = account.client(DynamoDBClient);
  await dynamo.send(
    new CreateTableCommand({
      TableName: 'posture-tickets',
      KeySchema: [{ AttributeName: 'key', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'key', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  return dynamoRecords(dynamo, 'posture-tickets', { now: () => new Date(now), sleep: async () => undefined });
}

const held = async (records: TicketRecords) => {
  const got = await records.acquire(mark);
  if (got === 'busy') throw new Error('It is held.');
  return got;
};

describe.each([
  ['in DynamoDB', onTable],
  ['in memory, for the simulation', async () => memoryRecords(() => now)],
] as const)('the records of tickets %s', (_, open) => {
  it('are held by one worker at a time, and by the next after the release', async () => {
    const records = await open();
    const first = await held(records);
    expect(await records.acquire(mark)).toBe('busy');
    expect(await records.acquire('posture-fedcba9876543210')).not.toBe('busy');
    await first.release();
    expect(await records.acquire(mark)).not.toBe('busy');
  });

  it('are free again when the lease expires, and the worker before can write nothing any more', async () => {
    const records = await open();
    const first = await held(records);
    now += leaseFor + 1;
    const second = await held(records);
    await expect(first.save({ id: '1' })).rejects.toThrow(LeaseLost);
    await first.release();
    await second.save({ id: '2' });
    expect(await records.acquire(mark)).toBe('busy');
  });

  it('keep what is saved, and forget what is removed', async () => {
    const records = await open();
    const first = await held(records);
    expect(first.record).toEqual({});
    const last = { time: '2026-11-24T13:00:00.000Z', remediation: 'r', outcome: 'failed', code: '' };
    await first.save({ creating: '2026-11-24T13:05:00.000Z', sending: 'e1', handled: ['e1'], last });
    await first.save({ id: '7', creating: undefined, members: { m: { text: 't', state: 'open', changed: 1 } } });
    expect(first.record.id).toBe('7');
    await first.release();
    const { record } = await held(records);
    expect(record).toEqual({ id: '7', sending: 'e1', handled: ['e1'], last, members: { m: { text: 't', state: 'open', changed: 1 } } });
  });

  it('count new tickets in the hour, and in the first 24 hours', async () => {
    const records = await open();
    const admit = () => records.admit({ perHour: 2, firstDay: 3 });
    expect([await admit(), await admit(), await admit()]).toEqual(['own', 'own', { shared: '2026-11-24T13' }]);
    now += 3_600_000;
    expect(await admit()).toEqual({ shared: 'backlog' });
    now += 24 * 3_600_000;
    expect([await admit(), await admit(), await admit()]).toEqual(['own', 'own', { shared: '2026-11-25T14' }]);
  });
});

describe('a record in DynamoDB', () => {
  it('is deleted some time after its last use, unless it has a ticket or may have one', async () => {
    const records = await onTable();
    const forget = async () => {
      const { Item } = await dynamo.send(
        new GetItemCommand({ TableName: 'posture-tickets', Key: { key: { S: ticketKeys.ticket(mark) } }, ConsistentRead: true }),
      );
      return Item?.['forget']?.N;
    };
    const first = await held(records);
    await first.save({ handled: ['e1'] });
    expect(Number(await forget()) * 1000).toBe(now + 30 * 86_400_000);
    await first.save({ creating: '2026-11-24T13:05:00.000Z' });
    expect(await forget()).toBeUndefined();
    await first.save({ creating: undefined, id: '7' });
    await first.release();
    // A second delivery that has nothing to save is no use of it.
    await (await held(records)).release();
    expect(await forget()).toBeUndefined();
  });
});
