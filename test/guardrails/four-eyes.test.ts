import { badBucket, isKept } from './bucket';
import { alice, approvers, bob, type Hub, useHub } from './hub';

const { open } = useHub();
const ask = { modes: { default: 'ask' }, ownership: { mode: 'fix' }, approvals: { approvers } };

function changedBy(hub: Hub, resourceName: string, arn: string, userAgent = 'console'): void {
  const { account, region } = hub.account;
  const event = { eventName: 'PutBucketAcl', eventTime: hub.clock.now().toISOString(), userIdentity: { arn }, userAgent };
  hub.emulator.gateway.cloudTrail.record({ account, region, resourceName, event });
}

describe('four eyes', () => {
  it('see what a person has asked for: somebody else has to approve it', async () => {
    const hub = await open();
    await hub.deploy(ask);
    const bucket = await badBucket(hub.account);
    const order = { order: 'fix', rule: 's3-bucket-well-kept', resource: `arn:aws:s3:::${bucket}`, why: 'for the audit' };
    expect(await hub.order(order, alice)).toMatchObject({ done: true });
    const [ending] = await hub.delivered();
    expect(ending?.outcome).toBe('asked');
    const remediation = ending?.remediation ?? '';
    expect((await hub.trail(remediation))[0]).toMatchObject({ kind: 'received', source: 'control', reason: `${alice} asked for this.` });
    expect(await hub.order({ order: 'approve', remediation }, alice)).toMatchObject({
      statusCode: 403,
      reason: expect.stringContaining('asked for this fix'),
    });
    expect(await hub.last(remediation)).toMatchObject({ kind: 'approval-refused', actor: alice });
    expect(await hub.delivered()).toEqual([]);
    expect(await hub.order({ order: 'approve', remediation }, bob)).toMatchObject({ done: true });
    expect(await hub.delivered()).toMatchObject([{ outcome: 'fixed' }]);
    expect(await isKept(hub.account, bucket)).toBe(true);
  });

  it('see who changed the resource last', async () => {
    const hub = await open();
    await hub.deploy(ask);
    const bucket = await badBucket(hub.account);
    changedBy(hub, bucket, alice);
    const { remediation } = await hub.find(bucket);
    expect(await hub.order({ order: 'approve', remediation }, alice)).toMatchObject({
      statusCode: 403,
      reason: expect.stringContaining('changed the resource last'),
    });
    expect(await hub.order({ order: 'approve', remediation }, bob)).toMatchObject({ done: true });
    expect(await hub.delivered()).toMatchObject([{ outcome: 'fixed' }]);
  });

  it.each([
    ['calls itself by our name', 'aws-sdk-js/3 posture-remediator', (bucket: string) => bucket],
    ['names it by its ARN', 'console', (bucket: string) => `arn:aws:s3:::${bucket}`],
  ])('see through who %s', async (_, userAgent, nameOf) => {
    const hub = await open();
    await hub.deploy(ask);
    const bucket = await badBucket(hub.account);
    changedBy(hub, bucket, bob);
    hub.clock.pass(60);
    changedBy(hub, nameOf(bucket), alice, userAgent);
    const { remediation } = await hub.find(bucket);
    expect(await hub.order({ order: 'approve', remediation }, alice)).toMatchObject({
      statusCode: 403,
      reason: expect.stringContaining('changed the resource last'),
    });
  });

  it('see who changed it between the approval and the fix', async () => {
    const hub = await open();
    await hub.deploy(ask);
    const bucket = await badBucket(hub.account);
    const { remediation } = await hub.find(bucket);
    await hub.order({ order: 'approve', remediation }, alice);
    changedBy(hub, bucket, alice);
    expect(await hub.delivered()).toMatchObject([{ outcome: 'asked' }]);
    expect((await hub.trail(remediation)).at(-2)).toMatchObject({
      kind: 'approval-refused',
      reason: expect.stringContaining('they changed the resource last themselves'),
    });
    expect(await isKept(hub.account, bucket)).toBe(false);
  });

  it('can be turned off', async () => {
    const hub = await open();
    await hub.deploy({ ...ask, approvals: { approvers, fourEyes: false } });
    const bucket = await badBucket(hub.account);
    changedBy(hub, bucket, alice);
    const { remediation } = await hub.find(bucket);
    expect(await hub.order({ order: 'approve', remediation }, alice)).toMatchObject({ done: true });
    expect(await hub.delivered()).toMatchObject([{ outcome: 'fixed' }]);
  });
});
