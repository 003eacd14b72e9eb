import { securityHubCustomAction } from '../events/security-hub';
import { badBucket, isKept } from './bucket';
import { type Hub, useHub } from './hub';

const { open } = useHub();
const anybody = 'security-hub-custom-action';
const policy = (principals: readonly string[]) => ({
  modes: { default: 'ask' },
  ownership: { lastChange: false },
  approvals: { approvers: [{ principals }] },
});

const chosen = (hub: Hub, actionId: string, buckets: readonly string[], firstObservedAt: string) =>
  securityHubCustomAction(
    buckets.map((bucket) => ({
      control: 'S3.999',
      resource: { type: 'AWS::S3::Bucket', arn: `arn:aws:s3:::${bucket}` },
      account: hub.account.account,
      firstObservedAt,
    })),
    { actionId, actionName: actionId, account: hub.account.account },
  );

describe('a custom action of Security Hub', () => {
  it('approves the plans that wait for its findings, also where the finding came again', async () => {
    const hub = await open();
    await hub.deploy(policy([anybody]));
    const buckets = [await badBucket(hub.account), await badBucket(hub.account)];
    const at = hub.clock.now().toISOString();
    const remediations = await Promise.all(buckets.map(async (bucket) => (await hub.find(bucket, { firstObservedAt: at })).remediation));
    hub.clock.pass(60);
    expect(await hub.find(buckets[0] as string, { firstObservedAt: at })).toMatchObject({ outcome: 'asked' });
    expect(await hub.control(chosen(hub, 'PostureApprove', buckets, at))).toMatchObject([{ done: true }, { done: true }]);
    expect(await hub.delivered()).toMatchObject(remediations.map((remediation) => ({ outcome: 'fixed', remediation })));
    for (const bucket of buckets) expect(await isKept(hub.account, bucket)).toBe(true);
    expect((await hub.trail(remediations[0] as string)).find(({ kind }) => kind === 'approved')).toMatchObject({
      actor: anybody,
      reason: expect.stringContaining('by the custom action PostureApprove'),
    });

    expect(await hub.control(chosen(hub, 'PostureRollback', buckets, at))).toMatchObject([{ done: true }, { done: true }]);
    expect(await hub.delivered()).toMatchObject([{ outcome: 'rolled-back' }, { outcome: 'rolled-back' }]);
    for (const bucket of buckets) expect(await isKept(hub.account, bucket)).toBe(false);
  });

  it('rejects', async () => {
    const hub = await open();
    await hub.deploy(policy([anybody]));
    const bucket = await badBucket(hub.account);
    const at = hub.clock.now().toISOString();
    const { remediation } = await hub.find(bucket, { firstObservedAt: at });
    expect(await hub.control(chosen(hub, 'PostureReject', [bucket], at))).toMatchObject([{ done: true }]);
    expect(await hub.last(remediation)).toMatchObject({ kind: 'rejected', actor: anybody });
    expect(await hub.find(bucket)).toMatchObject({ outcome: 'exempt' });
  });

  it.each(['PostureApprove', 'PostureReject', 'PostureRollback'])('%s is refused where the policy does not name it', async (action) => {
    const hub = await open();
    await hub.deploy(policy(['arn:aws:iam::111122223333:user/*']));
    const bucket = await badBucket(hub.account);
    const at = hub.clock.now().toISOString();
    const { remediation } = await hub.find(bucket, { firstObservedAt: at });
    const replies = await hub.control(chosen(hub, action, [bucket], at));
    expect(replies).toMatchObject(action === 'PostureRollback' ? [] : [{ done: false, refused: 'forbidden' }]);
    expect(hub.emulator.gateway.invocations).toEqual([]);
    expect((await hub.trail(remediation)).some(({ kind }) => kind === 'approved' || kind === 'rejected')).toBe(false);
  });

  it('of another name, or of another account, gives no order', async () => {
    const hub = await open();
    await hub.deploy(policy([anybody]));
    const bucket = await badBucket(hub.account);
    const at = hub.clock.now().toISOString();
    await hub.find(bucket, { firstObservedAt: at });
    await expect(hub.control(chosen(hub, 'PostureFix', [bucket], at))).rejects.toThrow('no request to the function URL');
    const forged = { ...chosen(hub, 'PostureApprove', [bucket], at), account: '999988887777' };
    await expect(hub.control(forged)).rejects.toThrow('no request to the function URL');
    expect(hub.emulator.gateway.invocations).toEqual([]);
  });

  it('counts for nothing where it comes from another account', async () => {
    const hub = await open();
    await hub.deploy(policy([anybody]));
    const bucket = await badBucket(hub.account);
    const at = hub.clock.now().toISOString();
    await hub.find(bucket, { firstObservedAt: at });
    const foreign = JSON.parse(JSON.stringify(chosen(hub, 'PostureApprove', [bucket], at)).replaceAll(hub.account.account, '999999999999'));
    await expect(hub.control(foreign)).rejects.toThrow('no custom action');
    expect(await isKept(hub.account, bucket)).toBe(false);
  });
});
