import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { systemClock } from '../../functions/clock';
import { countFailure } from '../../functions/coordination/breaker';
import { closeBreaker, openBreaker } from '../../functions/coordination/breaker-order';
import type { Account } from '../emulator/account';
import { useEmulator } from '../emulator/use';
import { createTables, environmentOf } from './central';
import { usePosture } from './posture';

const emulator = useEmulator();
const posture = usePosture();
const tables = { orders: 'posture-orders', coordination: 'posture-coordination' };
const versioning = 's3-bucket-versioning-enabled';
const tls = 's3-bucket-tls-required';

let account: Account;
let dynamo: DynamoDBClient;
beforeAll(async () => {
  account = await emulator.account();
  await createTables(account);
  dynamo = account.client(DynamoDBClient);
});

describe('posture breaker', () => {
  it('says that none is open', async () => {
    expect(await posture(['breaker'], environmentOf(account))).toMatchObject({ code: 0, stdout: 'No circuit breaker is open.\n' });
  });

  it('lists those that are open, each with where, since when and why, and none that is closed or of no rule', async () => {
    const context = { client: dynamo, tables, clock: systemClock };
    for (const place of ['111122223333', '444455556666'])
      await countFailure(context, { rule: versioning, account: place, breaker: { failures: 1, accounts: 3 } });
    await openBreaker(dynamo, tables.orders, { rule: tls, why: 'its counter differs' }, systemClock);
    const closing = { by: 'me', at: systemClock.now().toISOString(), why: 'repaired' };
    await closeBreaker(dynamo, tables.orders, { rule: versioning, account: '444455556666' }, closing, systemClock);
    // Whoever can write the table could put anything into the index.
    const forged = { open: { S: 'breaker' }, since: { S: closing.at }, opened: { S: closing.at }, why: { S: 'made up' } };
    for (const key of ['breaker no-such-rule', 'permit x'])
      await dynamo.send(new PutItemCommand({ TableName: tables.coordination, Item: { key: { S: key }, ...forged } }));

    const { code, stdout } = await posture(['breaker', '--json'], environmentOf(account));
    expect([code, JSON.parse(stdout)]).toEqual([
      0,
      [
        { rule: versioning, account: '111122223333', at: expect.any(String), why: '1 consecutive failures' },
        { rule: tls, at: expect.any(String), why: 'its counter differs' },
      ],
    ]);
    const { stdout: text } = await posture(['breaker'], environmentOf(account));
    expect(text).toMatch(new RegExp(`^${versioning} +111122223333 +\\S+ \\S+Z +1 consecutive failures$`, 'm'));
    expect(text).toMatch(new RegExp(`^${tls} +all accounts +\\S+ \\S+Z +its counter differs$`, 'm'));
    expect(text).toContain('posture breaker close <rule>');
  });
});
