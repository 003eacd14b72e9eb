import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { type Clock, systemClock } from '../../functions/clock';
import { countFailure, countRollback } from '../../functions/coordination/breaker';
import { closeBreaker, listOpenBreakers, openBreaker } from '../../functions/coordination/breaker-order';
import { keys } from '../../functions/coordination/keys';
import { readRecordedState } from '../../functions/coordination/recorded-state';
import { hours } from '../../functions/duration';
import { createTables } from '../cli/central';
import { useEmulator } from '../emulator/use';

const emulator = useEmulator();
const tables = { orders: 'posture-orders', coordination: 'posture-coordination' };
const place = { rule: 'r', account: '111122223333' };
const start = Date.parse('2026-11-24T12:00:00Z');
/** A clock that stands so many hours after the start. */
const at = (count: number): Clock => ({ ...systemClock, now: () => new Date(start + hours(count)) });

async function openTable() {
  const account = await emulator.account();
  const dynamo = account.client(DynamoDBClient);
  await createTables(account);
  return dynamo;
}

it('a breaker forgets rollbacks older than a day, so that its item never fills', async () => {
  const dynamo = await openTable();
  const rollBack = (number: number, after: number) =>
    countRollback(
      { client: dynamo, tables, clock: at(after) },
      { ...place, remediation: `fix ${number}`, breaker: { rollbacks: 1000, accounts: 3 } },
    );
  for (let number = 0; number < 105; number += 1) await rollBack(number, 0);
  await rollBack(200, 10);
  const held = async () => {
    const { Item = {} } = await dynamo.send(
      new GetItemCommand({ TableName: tables.coordination, Key: { key: { S: keys.breaker('r', place.account) } } }),
    );
    return Object.keys(Item).filter((name) => name !== 'key');
  };
  expect(await held()).toHaveLength(106);
  await rollBack(201, 30);
  expect(await held()).toHaveLength(7);
  await rollBack(202, 30);
  expect((await held()).sort()).toEqual(['rollback fix 200', 'rollback fix 201', 'rollback fix 202']);
});

const fail = (dynamo: DynamoDBClient, account: string, after: number, breaker = { failures: 1, accounts: 3 }) =>
  countFailure({ client: dynamo, tables, clock: at(after) }, { rule: 'r', account, breaker });

it.each([
  ['permits of the rule have its item', 'conflict', 1],
  ['the answer to its opening is lost', 'drop-answer', 3],
] as const)('a breaker opens, and says that it did, though %s', async (_, as, when) => {
  const dynamo = await openTable();
  const fault = emulator.gateway.fail({ service: 'dynamodb', operation: 'UpdateItem', when, as });
  expect(await fail(dynamo, place.account, 0)).toBe('account');
  expect(fault.met).toBe(1);
  expect(await fail(dynamo, place.account, 1)).toBeUndefined();
});

describe('the breaker of a rule', () => {
  const clock = at(30);
  const openIn = async (dynamo: DynamoDBClient, account: string, when = clock) =>
    (await readRecordedState(dynamo, tables, { rule: 'r', account, resource: 'b', response: undefined, remediation: 'one' }, when)).open;

  it('opens in the account that fails, and in no other', async () => {
    const dynamo = await openTable();
    expect(await fail(dynamo, '111122223333', 0, { failures: 2, accounts: 3 })).toBeUndefined();
    expect(await fail(dynamo, '444455556666', 0, { failures: 2, accounts: 3 })).toBeUndefined();
    expect(await fail(dynamo, '111122223333', 1, { failures: 2, accounts: 3 })).toBe('account');
    expect(await openIn(dynamo, '111122223333')).toMatchObject({ account: '111122223333', why: '2 consecutive failures' });
    expect(await openIn(dynamo, '444455556666')).toBeUndefined();
  });

  it('opens in all accounts once it has opened in several within 24 hours', async () => {
    const dynamo = await openTable();
    expect(await fail(dynamo, '111122223333', 0)).toBe('account');
    expect(await fail(dynamo, '222233334444', 23)).toBe('account');
    // The first is a day old.
    expect(await fail(dynamo, '333344445555', 25)).toBe('account');
    expect(await openIn(dynamo, '999900001111')).toBeUndefined();
    expect(await fail(dynamo, '444455556666', 26)).toBe('all-accounts');
    expect(await openIn(dynamo, '999900001111')).toMatchObject({ why: expect.stringContaining('the breakers of 3 accounts opened') });
  });

  it('is closed in all accounts, or in one, and counts anew from then', async () => {
    const dynamo = await openTable();
    const close = (account: string | undefined, after: number) =>
      closeBreaker(
        dynamo,
        tables.orders,
        { rule: 'r', account },
        { by: 'me', at: at(after).now().toISOString(), why: 'the role is repaired' },
        clock,
      );
    for (const account of ['111122223333', '222233334444', '333344445555']) await fail(dynamo, account, 0);
    const all = await listOpenBreakers(dynamo, tables, ['r', 'other'], clock);
    expect(all.map(({ account = 'all' }) => account).toSorted()).toEqual(['111122223333', '222233334444', '333344445555', 'all']);

    await close('111122223333', 1);
    const open = await listOpenBreakers(dynamo, tables, ['r'], clock);
    expect(open.map(({ account = 'all' }) => account).toSorted()).toEqual(['222233334444', '333344445555', 'all']);
    await close(undefined, 2);
    expect(await listOpenBreakers(dynamo, tables, ['r'], clock)).toEqual([]);
    expect(await openIn(dynamo, '222233334444')).toBeUndefined();

    // What was counted before is forgotten, also for all accounts.
    expect(await fail(dynamo, '222233334444', 3, { failures: 2, accounts: 2 })).toBeUndefined();
    expect(await fail(dynamo, '222233334444', 3, { failures: 2, accounts: 2 })).toBe('account');
    expect(await openIn(dynamo, '111122223333')).toBeUndefined();
  });

  it('is opened over all accounts by the control function, until an approver closes it', async () => {
    const dynamo = await openTable();
    expect(await openBreaker(dynamo, tables.orders, { rule: 'r', why: 'its counter differs' }, at(1))).toBe(true);
    expect(await openBreaker(dynamo, tables.orders, { rule: 'r', why: 'its counter differs' }, at(2))).toBe(false);
    expect(await openIn(dynamo, '111122223333')).toEqual({ at: at(1).now().toISOString(), why: 'its counter differs' });
    expect(await listOpenBreakers(dynamo, tables, ['other', 'r'], clock)).toMatchObject([{ rule: 'r', why: 'its counter differs' }]);
    const lost = emulator.gateway.fail({ service: 'dynamodb', operation: 'PutItem', as: 'drop-answer' });
    const closing = { by: 'me', at: at(3).now().toISOString(), why: 'checked' };
    await closeBreaker(dynamo, tables.orders, { rule: 'r' }, closing, clock);
    expect(lost.met).toBe(1);
    expect(await openIn(dynamo, '111122223333')).toBeUndefined();
  });
});
