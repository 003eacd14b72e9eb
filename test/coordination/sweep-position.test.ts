import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { type ClaimedSweep, dynamoSweepPositions } from '../../functions/coordination/sweep-position';
import { createTables } from '../cli/central';
import { useEmulator } from '../emulator/use';
import { travelFrom } from '../guardrails/travel';

const emulator = useEmulator();
const options = { secondsLeft: 900, hours: 24 };

async function opened() {
  const account = await emulator.account();
  await createTables(account);
  const client = account.client(DynamoDBClient);
  const clock = travelFrom('2026-11-24T12:00:00.000Z');
  const positions = dynamoSweepPositions(client, 'posture-coordination', clock);
  const claim = async (): Promise<ClaimedSweep> => {
    const claimed = await positions.claim(options);
    if (typeof claimed === 'string') throw new Error(claimed);
    return claimed;
  };
  return { client, clock, positions, claim };
}

it('begins with nothing behind it, and goes on where the last run stopped', async () => {
  const { claim, clock } = await opened();
  const first = await claim();
  expect(first).toMatchObject({ after: [], interrupted: 0, began: clock.now() });
  await first.save(['111122223333', 'eu-west-1', 'a-rule', 'arn:aws:s3:::b']);
  await first.release();
  clock.pass(3600);
  expect(await claim()).toMatchObject({
    after: ['111122223333', 'eu-west-1', 'a-rule', 'arn:aws:s3:::b'],
    began: new Date('2026-11-24T12:00:00.000Z'),
    interrupted: 0,
  });
});

it('is held by one run at a time, until that must be over', async () => {
  const { positions, claim, clock } = await opened();
  const first = await claim();
  await first.save(['1']);
  expect(await positions.claim(options)).toBe('held');
  clock.pass(900);
  expect(await positions.claim(options)).toBe('held');
  clock.pass(61);
  const second = await claim();
  expect(second).toMatchObject({ after: ['1'], interrupted: 1 });
  // The first run is still alive, and must not say any more where the sweep is.
  await expect(first.save(['9'])).rejects.toThrow(expect.objectContaining({ name: 'ConditionalCheckFailedException' }));
  await expect(first.finish()).rejects.toThrow();
  await second.save(['2']);
});

it('is claimed once by runs at the same moment', async () => {
  const { positions } = await opened();
  const all = await Promise.all(Array.from({ length: 6 }, () => positions.claim(options)));
  expect(all.filter((one) => typeof one !== 'string')).toHaveLength(1);
  expect(all.filter((one) => one === 'held')).toHaveLength(5);
});

it('counts the runs that ended without a word at the same place, and forgets them with the next step', async () => {
  const { claim, clock } = await opened();
  await claim();
  for (const interrupted of [1, 2]) {
    clock.pass(3600);
    expect(await claim()).toMatchObject({ interrupted });
  }
  clock.pass(3600);
  const last = await claim();
  await last.save(['1']);
  clock.pass(3600);
  expect(await claim()).toMatchObject({ after: ['1'], interrupted: 1 });
});

it('begins anew when it is finished and it is time, as exactly as a schedule is', async () => {
  const { positions, claim, clock } = await opened();
  const first = await claim();
  await first.save(['1']);
  clock.pass(600);
  await first.finish();
  expect(await positions.claim(options)).toBe('not-due');
  clock.goTo('2026-11-25T11:49:00.000Z');
  expect(await positions.claim(options)).toBe('not-due');
  clock.goTo('2026-11-25T11:51:00.000Z');
  expect(await claim()).toMatchObject({ after: [], began: clock.now(), interrupted: 0 });
});

it.each([
  ['no position', {}],
  ['a position that is none', { after: { S: 'all' } }],
  ['a time that is none', { until: { S: '9999' }, began: { S: 'yesterday' } }],
])('begins anew with an item that has %s', async (_, change) => {
  const { client, claim } = await opened();
  const Item = { key: { S: 'sweep' }, holder: { S: 'x' }, ...change };
  await client.send(new PutItemCommand({ TableName: 'posture-coordination', Item }));
  expect(await claim()).toMatchObject({ after: [], interrupted: 0 });
});

it('is deleted by itself when nobody sweeps any more', async () => {
  const { client, claim, clock } = await opened();
  await claim();
  const { Item } = await client.send(new GetItemCommand({ TableName: 'posture-coordination', Key: { key: { S: 'sweep' } } }));
  expect(Number(Item?.['forget']?.N) - clock.now().getTime() / 1000).toBe(60 * 24 * 3600);
});
