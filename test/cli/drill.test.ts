import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { systemClock } from '../../functions/clock';
import { putDrill, type RecordedDrill } from '../../functions/coordination/drill';
import { useEmulator } from '../emulator/use';
import { createTables, environmentOf } from './central';
import { usePosture } from './posture';

const emulator = useEmulator();
const posture = usePosture();
const rule = 'ec2-instance-isolated';
const member = '111122223333';

const drill: RecordedDrill = {
  ...{ rule, account: member, region: 'eu-west-1', at: '2026-11-24T12:00:00.000Z', requestedBy: 'arn:aws:iam::111122223333:user/alice' },
  ...{ allowed: 30, denied: 1, unknown: 0 },
  checks: [
    {
      action: 'ec2:CreateSecurityGroup',
      on: `arn:aws:ec2:eu-west-1:${member}:vpc/posture-drill`,
      verdict: 'denied',
      why: 'A service control policy of the organization does not allow it.',
    },
  ],
};

let server: Server | undefined;
afterEach(() => void server?.close());

/** A control endpoint whose rule records this. */
async function opened(record: RecordedDrill | undefined, reply: object = { done: true, reason: 'Requested.' }) {
  const account = await emulator.account();
  await createTables(account);
  const dynamo = account.client(DynamoDBClient);
  const orders: unknown[] = [];
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    orders.push(JSON.parse(Buffer.concat(chunks).toString()));
    if (record) await putDrill(dynamo, 'posture-coordination', record, systemClock);
    response.end(JSON.stringify(reply));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const POSTURE_CONTROL_URL = `http://localhost:${(server.address() as AddressInfo).port}`;
  return { dynamo, orders, env: { ...environmentOf(account), POSTURE_CONTROL_URL } };
}

describe('posture drill', () => {
  it('prints what AWS would not permit, and ends with 2', async () => {
    const { env, orders } = await opened(drill);
    const { code, stdout, stderr } = await posture(['drill', rule, member, '--in', 'eu-west-1'], env);
    expect([code, stderr]).toEqual([2, 'Requested.\n']);
    expect(orders).toEqual([{ order: 'drill', rule, account: member, region: 'eu-west-1' }]);
    expect(stdout).toContain('allowed 30, denied 1, unknown 0\n');
    expect(stdout).toMatch(/^denied {3}ec2:CreateSecurityGroup\n {9}arn:aws:ec2:\S+\n {9}A service control policy of the organization/m);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('waits for a result newer than the last one, and ends with 0 if everything is allowed', async () => {
    const { env, dynamo } = await opened({ ...drill, at: '2026-11-24T13:00:00.000Z', denied: 0, checks: [] });
    await putDrill(dynamo, 'posture-coordination', drill, systemClock);
    const { code, stdout } = await posture(['drill', rule, member, '--json'], env);
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { at: '2026-11-24T13:00:00.000Z', denied: 0 }]);
  });

  it('says why a drill is refused', async () => {
    const { env } = await opened(undefined, { done: false, refused: 'invalid', code: 'not-a-response', reason: 's3-x is not a response.' });
    expect(await posture(['drill', rule, member], env)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('s3-x is not a response.'),
    });
    expect(await posture(['drill', rule, '1111'], env)).toMatchObject({ code: 1, stderr: expect.stringContaining('12-digit') });
  });
});
