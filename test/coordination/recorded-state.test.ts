import { type BatchGetItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { systemClock } from '../../functions/clock';
import { keys, periodsOf } from '../../functions/coordination/keys';
import { readRecordedState } from '../../functions/coordination/recorded-state';
import { createTables } from '../cli/central';
import { useEmulator } from '../emulator/use';

const emulator = useEmulator();
const tables = { orders: 'posture-orders', coordination: 'posture-coordination' };
const about = { rule: 'r', account: '111122223333', resource: 'b', remediation: 'one', response: undefined };
const clock = { ...systemClock, now: () => new Date('2026-11-24T12:00:00Z') };

it('of the counters, those under a limit are read, and without limits all', async () => {
  const account = await emulator.account();
  await createTables(account);
  const dynamo = account.client(DynamoDBClient);
  const counters = ['all', 'rule r', 'account 111122223333'].flatMap((of) =>
    Object.values(periodsOf(clock.now())).map((period) => keys.count(of, period)),
  );
  for (const [index, key] of counters.entries())
    await dynamo.send(new PutItemCommand({ TableName: tables.coordination, Item: marshall({ key, used: index + 1 }) }));
  const all = { all: { hour: 1, day: 2 }, rule: { hour: 3, day: 4 }, account: { hour: 5, day: 6 } };
  expect((await readRecordedState(dynamo, tables, about, clock)).used).toEqual(all);

  const read: string[] = [];
  dynamo.middlewareStack.add(
    (next) => async (args) => {
      const { RequestItems = {} } = args.input as BatchGetItemCommand['input'];
      read.push(...(RequestItems[tables.coordination]?.Keys ?? []).map(({ key }) => key?.S ?? ''));
      return next(args);
    },
    { step: 'initialize' },
  );
  const limits = { all: { hour: 100 }, rule: {}, account: { day: 7 } };
  const none = { hour: 0, day: 0 };
  const { used } = await readRecordedState(dynamo, tables, { ...about, limits }, clock);
  expect(used).toEqual({ all: { ...none, hour: 1 }, rule: none, account: { ...none, day: 6 } });
  expect(read.filter((key) => key.startsWith('count '))).toEqual([counters[0], counters[5]]);
});
