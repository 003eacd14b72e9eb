import { securityHubCustomAction } from '../events/security-hub';
import { badBucket, isKept } from './bucket';
import { approvers, type Hub, useHub } from './central';

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
    expect(await hub.control(chosen(hub, 'PostureApprove', buckets, at), 'custom-actions')).toMatchObject([{ done: true }, { done: true }]);
    expect(await hub.delivered()).toMatchObject(remediations.map((remediation) => ({ outcome: 'fixed', remediation })));
    for (const bucket of buckets) expect(await isKept(hub.account, bucket)).toBe(true);
    expect((await hub.trail(remediations[0] as string)).find(({ kind }) => kind === 'approved')).toMatchObject({
      actor: anybody,
      reason: expect.stringContaining('by the custom action PostureApprove'),
    });

    expect(await hub.control(chosen(hub, 'PostureRollback', buckets, at), 'custom-actions')).toMatchObject([
      { done: true },
      { done: true },
    ]);
    expect(await hub.delivered()).toMatchObject([{ outcome: 'rolled-back' }, { outcome: 'rolled-back' }]);
    for (const bucket of buckets) expect(await isKept(hub.account, bucket)).toBe(false);
  });

  it('rejects', async () => {
    const hub = await open();
    await hub.deploy(policy([anybody]));
    const bucket = await badBucket(hub.account);
    const at = hub.clock.now().toISOString();
    const { remediation } = await hub.find(bucket, { firstObservedAt: at });
    expect(await hub.control(chosen(hub, 'PostureReject', [bucket], at), 'custom-actions')).toMatchObject([{ done: true }]);
    expect(await hub.last(remediation)).toMatchObject({ kind: 'rejected', actor: anybody });
    expect(await hub.find(bucket)).toMatchObject({ outcome: 'exempt' });
  });

  it.each(['PostureApprove', 'PostureReject', 'PostureRollback'])('%s is refused where the policy does not name it', async (action) => {
    const hub = await open();
    await hub.deploy(policy(['arn:aws:iam::111122223333:user/*']));
    const bucket = await badBucket(hub.account);
    const at = hub.clock.now().toISOString();
    const { remediation } = await hub.find(bucket, { firstObservedAt: at });
    const replies = await hub.control(chosen(hub, action, [bucket], at), 'custom-actions');
    expect(replies).toMatchObject([{ done: false, refused: action === 'PostureRollback' ? 'not-found' : 'forbidden' }]);
    expect(hub.metrics().at(-1)).toMatchObject({ RefusedOrders: 1 });
    expect(hub.emulator.gateway.invocations).toEqual([]);
    expect((await hub.trail(remediation)).some(({ kind }) => kind === 'approved' || kind === 'rejected')).toBe(false);
  });

  it('is for findings of Security Hub itself: who may import findings gives one the id of another in vain', async () => {
    const hub = await open();
    await hub.deploy(policy([anybody]));
    const bucket = await badBucket(hub.account);
    const at = hub.clock.now().toISOString();
    await hub.find(bucket, { firstObservedAt: at });
    const event = chosen(hub, 'PostureApprove', [bucket], at);
    const { account } = hub.account;
    const [finding] = event.detail.findings;
    const made = { ...finding, ProductArn: `arn:aws:securityhub:eu-west-1:${account}:product/${account}/default` };
    const forged = { ...event, detail: { ...event.detail, findings: [made, { Id: 7 }] } };
    expect(await hub.control(forged, 'custom-actions')).toMatchObject([
      { done: false, refused: 'forbidden', reason: expect.stringContaining('ProductArn') },
      { done: false, refused: 'invalid' },
    ]);
    expect(hub.emulator.gateway.invocations).toEqual([]);
  });

  it('does not approve under four eyes what a custom action has asked for: both may be one person', async () => {
    const hub = await open();
    await hub.deploy(policy([anybody, ...(approvers[0]?.principals ?? [])]));
    const bucket = await badBucket(hub.account);
    const at = hub.clock.now().toISOString();
    const { endings } = await hub.send(chosen(hub, 'PostureFix', [bucket], at));
    expect(endings).toMatchObject([{ outcome: 'asked' }]);
    expect(await hub.control(chosen(hub, 'PostureApprove', [bucket], at), 'custom-actions')).toMatchObject([
      { done: false, refused: 'forbidden', reason: expect.stringContaining('may be the same person') },
    ]);
    expect(await hub.order({ order: 'approve', remediation: endings[0]?.remediation })).toMatchObject({ done: true });
    expect(await hub.delivered()).toMatchObject([{ outcome: 'fixed' }]);
  });

  it('of another name, or of another account, gives no order', async () => {
    const hub = await open();
    await hub.deploy(policy([anybody]));
    const bucket = await badBucket(hub.account);
    const at = hub.clock.now().toISOString();
    await hub.find(bucket, { firstObservedAt: at });
    await expect(hub.control(chosen(hub, 'PostureFix', [bucket], at), 'custom-actions')).rejects.toThrow(
      'is none that gives an order there',
    );
    const forged = { ...chosen(hub, 'PostureApprove', [bucket], at), account: '999988887777' };
    await expect(hub.control(forged, 'custom-actions')).rejects.toThrow('is none that gives an order there');
    expect(hub.emulator.gateway.invocations).toEqual([]);
  });

  it('counts for nothing where it comes from another account', async () => {
    const hub = await open();
    await hub.deploy(policy([anybody]));
    const bucket = await badBucket(hub.account);
    const at = hub.clock.now().toISOString();
    await hub.find(bucket, { firstObservedAt: at });
    const foreign = JSON.parse(JSON.stringify(chosen(hub, 'PostureApprove', [bucket], at)).replaceAll(hub.account.account, '999999999999'));
    await expect(hub.control(foreign, 'custom-actions')).rejects.toThrow('is none that gives an order there');
    expect(await isKept(hub.account, bucket)).toBe(false);
  });
});
