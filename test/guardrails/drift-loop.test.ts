import { badBucket, isKept, spoil } from './bucket';
import { bob, useHub } from './central';

const { open } = useHub();
const policy = { modes: { default: 'fix' }, ownership: { mode: 'fix' }, fights: { fixes: 3, days: 7 } };

describe('a fight over a resource', () => {
  it('stops after three fixes, and the log names who changes it back, by what, and with which call', async () => {
    const hub = await open();
    await hub.deploy(policy);
    const bucket = await badBucket(hub.account);
    for (const _ of [1, 2, 3]) {
      expect(await hub.find(bucket)).toMatchObject({ outcome: 'fixed' });
      await spoil(hub.account, bucket);
      hub.clock.pass(3600);
    }
    const { account, region } = hub.account;
    const userAgent = 'APN/1.0 HashiCorp/1.0 Terraform/1.9.8';
    const deed = { eventName: 'PutBucketVersioning', eventTime: '2026-11-24T14:59:00Z', userIdentity: { arn: bob }, userAgent };
    hub.emulator.gateway.cloudTrail.record({ account, region, resourceName: bucket, event: deed });

    const ending = await hub.find(bucket);
    expect(ending.outcome).toBe('fight');
    const item = await hub.last(ending.remediation);
    expect(item).toMatchObject({ kind: 'observed', outcome: 'fight' });
    for (const part of [bob, userAgent, 'PutBucketVersioning', 'fixed 3 times in 7 days'])
      expect(item?.decision?.join('\n')).toContain(part);
    expect(hub.told().at(-1)).toMatchObject({ outcome: 'fight', reason: expect.stringContaining(bob) });
    expect(await isKept(hub.account, bucket)).toBe(false);

    expect(await hub.find(await badBucket(hub.account))).toMatchObject({ outcome: 'fixed' });
    hub.clock.pass(8 * 86_400);
    expect(await hub.find(bucket)).toMatchObject({ outcome: 'fixed' });
  });

  it.each(['access-denied', 'throttle'] as const)(
    'is none where fixes fail (%s) and are taken back',
    async (as) => {
      const hub = await open();
      await hub.deploy({ ...policy, fights: { fixes: 1, days: 7 } });
      const bucket = await badBucket(hub.account);
      const fault = hub.emulator.gateway.fail({ operation: 'PutBucketVersioning', account: hub.account.account, as, times: 100 });
      expect(await hub.find(bucket)).toMatchObject({ outcome: as === 'throttle' ? 'deferred' : 'failed' });
      expect(await isKept(hub.account, bucket)).toBe(false);
      fault.cancel();
      expect(await hub.find(bucket)).toMatchObject({ outcome: 'fixed' });
    },
    60_000,
  );

  it('stops also where CloudTrail does not tell', async () => {
    const hub = await open();
    await hub.deploy({ ...policy, fights: { fixes: 1, days: 7 } });
    const bucket = await badBucket(hub.account);
    await hub.find(bucket);
    await spoil(hub.account, bucket);
    hub.emulator.gateway.fail({ operation: 'LookupEvents', account: hub.account.account, as: 'access-denied', times: 100 });
    expect(await hub.find(bucket)).toMatchObject({ outcome: 'fight', reason: expect.stringContaining('an unknown principal') });
  });
});
