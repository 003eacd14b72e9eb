import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { type Clock, systemClock } from '../../functions/clock';
import { countFailure, countRollback } from '../../functions/coordination/breaker';
import { keys } from '../../functions/coordination/keys';
import { hours } from '../../functions/duration';
import { createTables } from '../cli/central';
import { useEmulator } from '../emulator/use';

const emulator = useEmulator();
const table = 'posture-coordination';
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
    countRollback(dynamo, table, { rule: 'r', remediation: `fix ${number}`, max: 1000 }, at(after));
  for (let number = 0; number < 105; number += 1) await rollBack(number, 0);
  await rollBack(200, 10);
  const held = async () => {
    const { Item = {} } = await dynamo.send(new GetItemCommand({ TableName: table, Key: { key: { S: keys.breaker('r') } } }));
    return Object.keys(Item).filter((name) => name !== 'key');
  };
  expect(await held()).toHaveLength(106);
  await rollBack(201, 30);
  expect(await held()).toHaveLength(7);
  await rollBack(202, 30);
  expect((await held()).sort()).toEqual(['rollback fix 200', 'rollback fix 201', 'rollback fix 202']);
});

it.each([
  ['permits of the rule have its item', 'conflict', 1],
  ['the answer to its opening is lost', 'drop-answer', 2],
] as const)('a breaker opens, and says that it did, though %s', async (_, as, when) => {
  const dynamo = await openTable();
  const fault = emulator.gateway.fail({ service: 'dynamodb', operation: 'UpdateItem', when, as });
  expect(await countFailure(dynamo, table, { rule: 'r', max: 1 }, at(0))).toBe(true);
  expect(fault.met).toBe(1);
  expect(await countFailure(dynamo, table, { rule: 'r', max: 1 }, at(1))).toBe(false);
});
