import { securityHubCustomAction } from '../events/security-hub';
import { badBucket, isKept } from './bucket';
import { approvers, type Central, useCentral } from './central';

const { open } = useCentral();
const anybody = 'security-hub-custom-action';
const policy = (principals: readonly string[]) => ({
  modes: { default: 'ask' },
  ownership: { lastChange: false },
  approvals: { approvers: [{ principals }] },
});

const chosen = (central: Central, actionId: string, buckets: readonly string[], firstObservedAt: string) =>
  securityHubCustomAction(
    buckets.map((bucket) => ({
      control: 'S3.999',
      resource: { type: 'AWS::S3::Bucket', arn: `arn:aws:s3:::${bucket}` },
      account: central.account.account,
      firstObservedAt,
    })),
    { actionId, actionName: actionId, account: central.account.account },
  );

describe('a custom action of Security Hub', () => {
  it('approves the plans that wait for its findings, also where the finding came again', async () => {
    const central = await open();
    await central.deploy(policy([anybody]));
    const buckets = [await badBucket(central.account), await badBucket(central.account)];
    const at = central.clock.now().toISOString();
    const remediations = await Promise.all(
      buckets.map(async (bucket) => (await central.find(bucket, { firstObservedAt: at })).remediation),
    );
    central.clock.pass(60);
    expect(await central.find(buckets[0] as string, { firstObservedAt: at })).toMatchObject({ outcome: 'awaiting-approval' });
    expect(await central.control(chosen(central, 'PostureApprove', buckets, at), 'custom-actions')).toMatchObject([
      { done: true },
      { done: true },
    ]);
    expect(await central.delivered()).toMatchObject(remediations.map((remediation) => ({ outcome: 'fixed', remediation })));
    for (const bucket of buckets) expect(await isKept(central.account, bucket)).toBe(true);
    expect((await central.trail(remediations[0] as string)).find(({ kind }) => kind === 'approved')).toMatchObject({
      actor: anybody,
      reason: expect.stringContaining('with the custom action PostureApprove'),
    });

    expect(await central.control(chosen(central, 'PostureRollback', buckets, at), 'custom-actions')).toMatchObject([
      { done: true },
      { done: true },
    ]);
    expect(await central.delivered()).toMatchObject([{ outcome: 'rolled-back' }, { outcome: 'rolled-back' }]);
    for (const bucket of buckets) expect(await isKept(central.account, bucket)).toBe(false);
  });

  it('rejects', async () => {
    const central = await open();
    await central.deploy(policy([anybody]));
    const bucket = await badBucket(central.account);
    const at = central.clock.now().toISOString();
    const { remediation } = await central.find(bucket, { firstObservedAt: at });
    expect(await central.control(chosen(central, 'PostureReject', [bucket], at), 'custom-actions')).toMatchObject([{ done: true }]);
    expect(await central.last(remediation)).toMatchObject({ kind: 'rejected', actor: anybody });
    expect(await central.find(bucket)).toMatchObject({ outcome: 'exempt' });
  });

  it.each(['PostureApprove', 'PostureReject', 'PostureRollback'])('%s is refused where the policy does not name it', async (action) => {
    const central = await open();
    await central.deploy(policy(['arn:aws:iam::111122223333:user/*']));
    const bucket = await badBucket(central.account);
    const at = central.clock.now().toISOString();
    const { remediation } = await central.find(bucket, { firstObservedAt: at });
    const replies = await central.control(chosen(central, action, [bucket], at), 'custom-actions');
    expect(replies).toMatchObject([{ done: false, refused: action === 'PostureRollback' ? 'not-found' : 'forbidden' }]);
    expect(central.metrics()).toContainEqual(expect.objectContaining({ RefusedRequests: 1 }));
    expect(central.emulator.gateway.invocations).toEqual([]);
    expect((await central.trail(remediation)).some(({ kind }) => kind === 'approved' || kind === 'rejected')).toBe(false);
  });

  it('is for findings of Security Hub itself: who may import findings gives one the id of another in vain', async () => {
    const central = await open();
    await central.deploy(policy([anybody]));
    const bucket = await badBucket(central.account);
    const at = central.clock.now().toISOString();
    await central.find(bucket, { firstObservedAt: at });
    const event = chosen(central, 'PostureApprove', [bucket], at);
    const { account } = central.account;
    const [finding] = event.detail.findings;
    const made = { ...finding, ProductArn: `arn:aws:securityhub:eu-west-1:${account}:product/${account}/default` };
    const forged = { ...event, detail: { ...event.detail, findings: [made, { Id: 7 }] } };
    expect(await central.control(forged, 'custom-actions')).toMatchObject([
      { done: false, refused: 'forbidden', code: 'untrusted-product', reason: expect.stringContaining('ProductArn') },
      { done: false, refused: 'invalid' },
    ]);
    expect(central.emulator.gateway.invocations).toEqual([]);
  });

  it('does not approve under four eyes what a custom action has asked for: both may be one person', async () => {
    const central = await open();
    await central.deploy(policy([anybody, ...(approvers[0]?.principals ?? [])]));
    const bucket = await badBucket(central.account);
    const at = central.clock.now().toISOString();
    const { results } = await central.send(chosen(central, 'PostureFix', [bucket], at));
    expect(results).toMatchObject([{ outcome: 'awaiting-approval' }]);
    expect(await central.control(chosen(central, 'PostureApprove', [bucket], at), 'custom-actions')).toMatchObject([
      { done: false, refused: 'forbidden', code: 'unnamed-approver', reason: expect.stringContaining('possibly by the same person') },
    ]);
    expect(await central.order({ order: 'approve', remediation: results[0]?.remediation })).toMatchObject({ done: true });
    expect(await central.delivered()).toMatchObject([{ outcome: 'fixed' }]);
  });

  it('of another name, or of another account, gives no order', async () => {
    const central = await open();
    await central.deploy(policy([anybody]));
    const bucket = await badBucket(central.account);
    const at = central.clock.now().toISOString();
    await central.find(bucket, { firstObservedAt: at });
    await expect(central.control(chosen(central, 'Escalate', [bucket], at), 'custom-actions')).rejects.toThrow(
      'is not a valid request for',
    );
    const forged = { ...chosen(central, 'PostureApprove', [bucket], at), account: '999988887777' };
    await expect(central.control(forged, 'custom-actions')).rejects.toThrow('is not a valid request for');
    expect(central.emulator.gateway.invocations).toEqual([]);
  });

  it('counts for nothing where it comes from another account', async () => {
    const central = await open();
    await central.deploy(policy([anybody]));
    const bucket = await badBucket(central.account);
    const at = central.clock.now().toISOString();
    await central.find(bucket, { firstObservedAt: at });
    const foreign = JSON.parse(
      JSON.stringify(chosen(central, 'PostureApprove', [bucket], at)).replaceAll(central.account.account, '999999999999'),
    );
    await expect(central.control(foreign, 'custom-actions')).rejects.toThrow('is not a valid request for');
    expect(await isKept(central.account, bucket)).toBe(false);
  });
});
