import { badBucket, isKept, spoil } from './bucket';
import { bob, useCentral } from './central';

const { open } = useCentral();
const policy = { modes: { default: 'fix' }, ownership: { mode: 'fix' }, driftLoops: { fixes: 3, days: 7 } };

describe('a fight over a resource', () => {
  it('stops after three fixes, and the log names who changes it back, by what, and with which call', async () => {
    const central = await open();
    await central.deploy(policy);
    const bucket = await badBucket(central.account);
    for (const _ of [1, 2, 3]) {
      expect(await central.find(bucket)).toMatchObject({ outcome: 'fixed' });
      await spoil(central.account, bucket);
      central.clock.pass(3600);
    }
    const { account, region } = central.account;
    const userAgent = 'APN/1.0 HashiCorp/1.0 Terraform/1.9.8';
    const deed = { eventName: 'PutBucketVersioning', eventTime: '2026-11-24T14:59:00Z', userIdentity: { arn: bob }, userAgent };
    central.emulator.gateway.cloudTrail.record({ account, region, resourceName: bucket, event: deed });

    const result = await central.find(bucket);
    expect(result.outcome).toBe('drift-loop');
    const item = await central.last(result.remediation);
    expect(item).toMatchObject({ kind: 'observed', outcome: 'drift-loop' });
    for (const part of [bob, userAgent, 'PutBucketVersioning', 'fixed 3 times in 7 days'])
      expect(item?.decision?.join('\n')).toContain(part);
    expect(central.told().at(-1)).toMatchObject({ outcome: 'drift-loop', reason: expect.stringContaining(bob) });
    expect(await isKept(central.account, bucket)).toBe(false);

    expect(await central.find(await badBucket(central.account))).toMatchObject({ outcome: 'fixed' });
    central.clock.pass(8 * 86_400);
    expect(await central.find(bucket)).toMatchObject({ outcome: 'fixed' });
  });

  it.each(['access-denied', 'throttle'] as const)(
    'is none where fixes fail (%s) and are taken back',
    async (as) => {
      const central = await open();
      await central.deploy({ ...policy, driftLoops: { fixes: 1, days: 7 } });
      const bucket = await badBucket(central.account);
      const fault = central.emulator.gateway.fail({ operation: 'PutBucketVersioning', account: central.account.account, as, times: 100 });
      expect(await central.find(bucket)).toMatchObject({ outcome: as === 'throttle' ? 'deferred' : 'failed' });
      expect(await isKept(central.account, bucket)).toBe(false);
      fault.cancel();
      expect(await central.find(bucket)).toMatchObject({ outcome: 'fixed' });
    },
    60_000,
  );

  it('stops also where CloudTrail does not tell', async () => {
    const central = await open();
    await central.deploy({ ...policy, driftLoops: { fixes: 1, days: 7 } });
    const bucket = await badBucket(central.account);
    await central.find(bucket);
    await spoil(central.account, bucket);
    central.emulator.gateway.fail({ operation: 'LookupEvents', account: central.account.account, as: 'access-denied', times: 100 });
    expect(await central.find(bucket)).toMatchObject({ outcome: 'drift-loop', reason: expect.stringContaining('an unknown principal') });
  });
});
