import { randomUUID } from 'node:crypto';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { isKept } from './bucket';
import { unbounded, useCentral } from './central';

const { open } = useCentral();
const fix = { ...unbounded, modes: { default: 'fix' } };

async function invisible() {
  const central = await open();
  await central.deploy(fix);
  const bucket = `kept-${central.account.account}-${randomUUID().slice(0, 12)}`;
  const first = await central.find(bucket);
  expect(first).toMatchObject({ outcome: 'deferred' });
  expect(await central.last(first.remediation)).toMatchObject({ kind: 'deferred', code: 'not-visible' });
  const [schedule, ...others] = await central.schedules.list();
  expect([schedule?.at.getTime(), others]).toEqual([central.clock.now().getTime() + 600_000, []]);
  return { central, bucket, remediation: first.remediation };
}

describe('a resource that AWS does not find', () => {
  it('is looked at again ten minutes later, and then believed, with a note at the finding', async () => {
    const { central, remediation } = await invisible();
    expect((await central.comeBack()).results).toMatchObject([{ outcome: 'resource-not-found', remediation }]);
    const updates = central.emulator.gateway.securityHub.updates.filter(({ account }) => account === central.account.account);
    expect(updates.map(({ change }) => change)).toMatchObject([
      { Workflow: { Status: 'NOTIFIED' }, Note: { Text: expect.stringContaining('does not exist') } },
    ]);
    expect(await central.schedules.list()).toEqual([]);
  });

  it('is fixed if it is there by then', async () => {
    const { central, bucket, remediation } = await invisible();
    const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' } as const;
    await central.account.client(S3Client).send(new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration }));
    expect((await central.comeBack()).results).toMatchObject([{ outcome: 'fixed', remediation }]);
    expect(await isKept(central.account, bucket)).toBe(true);
  });

  it('is not believed to be missing where AWS only refuses to say', async () => {
    const { central, remediation } = await invisible();
    const fault = central.emulator.gateway.fail({
      operation: 'GetBucketVersioning',
      account: central.account.account,
      as: 'access-denied',
      times: 100,
    });
    const { results } = await central.comeBack();
    fault.cancel();
    expect(results).toMatchObject([{ remediation }]);
    expect(results[0]?.outcome).not.toBe('resource-not-found');
  });
});
