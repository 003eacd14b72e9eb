import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { systemClock } from '../../functions/clock';
import { keys, orderKeys } from '../../functions/coordination/keys';
import { mayChange } from '../../functions/coordination/may-change';
import { createOrderTables } from '../contract/order-tables';
import { useEmulator } from '../emulator/use';

const emulator = useEmulator();
const tables = { orders: 'orders', coordination: 'coordination' };
const place = { response: undefined, rule: 'r', account: '111122223333', resource: 'arn:aws:s3:::reports' };
const opened = { opened: '2026-11-24T12:00:00.000Z', why: 'failures', open: 'breaker', failures: '5' };
let dynamo: DynamoDBClient;

beforeEach(async () => {
  dynamo = (await emulator.account()).client(DynamoDBClient);
  await createOrderTables(dynamo, tables);
});
afterEach(() => dynamo.destroy());

const put = (TableName: string, key: string, more: Readonly<Record<string, string>>) =>
  dynamo.send(
    new PutItemCommand({
      TableName,
      Item: { key: { S: key }, ...Object.fromEntries(Object.entries(more).map(([name, S]) => [name, { S }])) },
    }),
  );

const may = () => mayChange(dynamo, tables, place, systemClock);

describe('whether a rule may change something now', () => {
  it('yes, with neither a stop nor an open breaker', async () => {
    expect(await may()).toBe(true);
  });

  it('no, while all changes are stopped', async () => {
    await put(tables.orders, orderKeys.stop, { why: 'An incident', by: 'me', at: opened.opened });
    expect(await may()).toBe(false);
  });

  it.each([
    ['in all accounts', keys.breaker('r'), tables.coordination],
    ['in its account', keys.breaker('r', '111122223333'), tables.coordination],
    ['by the control function', orderKeys.breaker('r'), tables.orders],
  ])('no, while the breaker of the rule is open %s', async (_, key, table) => {
    await put(table, key, opened);
    expect(await may()).toBe(false);
  });

  it('yes, while a breaker is open in another account, or of another rule', async () => {
    await put(tables.coordination, keys.breaker('r', '444455556666'), opened);
    await put(tables.coordination, keys.breaker('other'), opened);
    expect(await may()).toBe(true);
  });

  it.each([
    ['in all accounts', orderKeys.breaker('r'), keys.breaker('r'), true],
    ['in all accounts, which closes that of each', orderKeys.breaker('r'), keys.breaker('r', '111122223333'), true],
    ['in its account', orderKeys.breaker('r', '111122223333'), keys.breaker('r', '111122223333'), true],
    ['in its account alone', orderKeys.breaker('r', '111122223333'), keys.breaker('r'), false],
  ])('yes, once the breaker is closed %s, which resets its counts', async (_, closing, key, expected) => {
    await put(tables.coordination, key, opened);
    await put(tables.orders, closing, { closed: '2026-11-24T11:59:59.999Z', by: 'me' });
    expect(await may()).toBe(false);
    await put(tables.orders, closing, { closed: '2026-11-24T12:00:00.001Z', by: 'me' });
    expect(await may()).toBe(expected);
    const { Item = {} } = await dynamo.send(new GetItemCommand({ TableName: tables.coordination, Key: { key: { S: key } } }));
    const left = ['opened', 'open', 'failures'].filter((name) => name in Item);
    expect(left).toEqual(expected ? [] : ['opened', 'open', 'failures']);
  });

  it('no, while a response contains the resource, unless it is a response itself; nor while what contains it can not be read', async () => {
    const contained = (by: { readonly SS: string[] } | { readonly S: string }) =>
      dynamo.send(new PutItemCommand({ TableName: tables.coordination, Item: { key: { S: keys.contained(place.resource) }, by } }));
    await contained({ SS: ['s3-bucket-locked/01JDA'] });
    expect(await may()).toBe(false);
    expect(await mayChange(dynamo, tables, { ...place, response: true }, systemClock)).toBe(true);
    expect(await mayChange(dynamo, tables, { ...place, resource: 'arn:aws:s3:::others' }, systemClock)).toBe(true);
    await contained({ S: 'nobody' });
    expect(await may()).toBe(false);
  });

  it('is not known while DynamoDB does not answer', async () => {
    jest.spyOn(dynamo, 'send').mockRejectedValue(new Error('down') as never);
    await expect(may()).rejects.toThrow('down');
  });
});
