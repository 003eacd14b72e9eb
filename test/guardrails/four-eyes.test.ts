import { isSamePerson } from '../../functions/decision/same-person';
import { badBucket, isKept } from './bucket';
import { alice, approvers, bob, type Hub, useHub } from './central';

const { open } = useHub();
const sts = 'arn:aws:sts::111122223333:assumed-role';
const personalSessions = ['arn:aws:iam::111122223333:role/OnCall'];
const ask = { modes: { default: 'ask' }, ownership: { mode: 'fix' }, approvals: { approvers, personalSessions } };

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

  it('see one person in the sessions of a role, who chooses their names', async () => {
    const hub = await open();
    await hub.deploy({ ...ask, approvals: { approvers } });
    const bucket = await badBucket(hub.account);
    const order = { order: 'fix', rule: 's3-bucket-well-kept', resource: `arn:aws:s3:::${bucket}`, why: 'for the audit' };
    await hub.order(order, alice);
    const [ending] = await hub.delivered();
    expect(await hub.order({ order: 'approve', remediation: ending?.remediation }, bob)).toMatchObject({
      statusCode: 403,
      reason: expect.stringContaining(`${bob}, who may be ${alice}, asked for this fix`),
    });

    const other = await badBucket(hub.account);
    const { remediation } = await hub.find(other);
    expect(await hub.order({ order: 'approve', remediation }, bob)).toMatchObject({ done: true });
    changedBy(hub, other, alice);
    expect(await hub.delivered()).toMatchObject([{ outcome: 'asked' }]);
    expect(await isKept(hub.account, other)).toBe(false);
  });

  it.each([
    ['the same user', 'arn:aws:iam::111122223333:user/ann', 'arn:aws:iam::111122223333:user/ann', true],
    ['two users', 'arn:aws:iam::111122223333:user/ann', 'arn:aws:iam::111122223333:user/ben', false],
    ['two sessions of a role', `${sts}/OnCall/ann`, `${sts}/OnCall/ben`, true],
    ['two sessions of a role whose sessions are personal', `${sts}/Team/ann`, `${sts}/Team/ben`, false],
    ['two people of IAM Identity Center', `${sts}/AWSReservedSSO_Ops_0a1b/ann@x.io`, `${sts}/AWSReservedSSO_Ops_0a1b/ben@x.io`, false],
    [
      'one person of IAM Identity Center by two roles',
      `${sts}/AWSReservedSSO_Ops_0a1b/Ann@x.io`,
      `${sts}/AWSReservedSSO_Dev_0c/ann@x.io`,
      true,
    ],
    ['sessions of two roles', `${sts}/OnCall/ann`, `${sts}/Deploy/build-7`, false],
    ['a user and a session', 'arn:aws:iam::111122223333:user/ann', `${sts}/OnCall/ann`, false],
  ])('see in %s: %s and %s', (_, one, other, same) => {
    const personal = ['arn:aws:iam::111122223333:role/Team'];
    expect([isSamePerson(one, other, personal), isSamePerson(other, one, personal)]).toEqual([same, same]);
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
