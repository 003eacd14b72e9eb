import { comparePeople } from '../../functions/decision/same-person';
import { badBucket, isKept } from './bucket';
import { alice, approvers, bob, type Central, useCentral } from './central';

const { open } = useCentral();
const sts = 'arn:aws:sts::111122223333:assumed-role';
const personalSessions = ['arn:aws:iam::111122223333:role/OnCall'];
const ask = { modes: { default: 'ask' }, ownership: { mode: 'fix' }, approvals: { approvers, personalSessions } };

function changedBy(central: Central, resourceName: string, arn: string, userAgent = 'console'): void {
  const { account, region } = central.account;
  const event = { eventName: 'PutBucketAcl', eventTime: central.clock.now().toISOString(), userIdentity: { arn }, userAgent };
  central.emulator.gateway.cloudTrail.record({ account, region, resourceName, event });
}

describe('four eyes', () => {
  it('see what a person has asked for: somebody else has to approve it', async () => {
    const central = await open();
    await central.deploy(ask);
    const bucket = await badBucket(central.account);
    const order = { order: 'fix', rule: 's3-bucket-well-kept', resource: `arn:aws:s3:::${bucket}`, why: 'for the audit' };
    expect(await central.order(order, alice)).toMatchObject({ done: true });
    const [result] = await central.delivered();
    expect(result?.outcome).toBe('awaiting-approval');
    const remediation = result?.remediation ?? '';
    expect((await central.trail(remediation))[0]).toMatchObject({
      kind: 'approval-requested',
      source: 'control',
      requestedBy: alice,
    });
    expect(await central.order({ order: 'approve', remediation }, alice)).toMatchObject({
      statusCode: 403,
      code: 'own-request',
      reason: expect.stringContaining('requested this fix'),
    });
    expect(await central.last(remediation)).toMatchObject({ kind: 'approval-refused', actor: alice });
    expect(await central.delivered()).toEqual([]);
    expect(await central.order({ order: 'approve', remediation }, bob)).toMatchObject({ done: true });
    expect(await central.delivered()).toMatchObject([{ outcome: 'fixed' }]);
    expect(await isKept(central.account, bucket)).toBe(true);
  });

  it('see who changed the resource last', async () => {
    const central = await open();
    await central.deploy(ask);
    const bucket = await badBucket(central.account);
    changedBy(central, bucket, alice);
    const { remediation } = await central.find(bucket);
    expect(await central.order({ order: 'approve', remediation }, alice)).toMatchObject({
      statusCode: 403,
      code: 'own-change',
      reason: expect.stringContaining('changed the resource last'),
    });
    expect(await central.order({ order: 'approve', remediation }, bob)).toMatchObject({ done: true });
    expect(await central.delivered()).toMatchObject([{ outcome: 'fixed' }]);
  });

  it.each([
    ['calls itself by our name', 'aws-sdk-js/3 posture-remediator', (bucket: string) => bucket],
    ['names it by its ARN', 'console', (bucket: string) => `arn:aws:s3:::${bucket}`],
  ])('see through who %s', async (_, userAgent, nameOf) => {
    const central = await open();
    await central.deploy(ask);
    const bucket = await badBucket(central.account);
    changedBy(central, bucket, bob);
    central.clock.pass(60);
    changedBy(central, nameOf(bucket), alice, userAgent);
    const { remediation } = await central.find(bucket);
    expect(await central.order({ order: 'approve', remediation }, alice)).toMatchObject({
      statusCode: 403,
      code: 'own-change',
      reason: expect.stringContaining('changed the resource last'),
    });
  });

  it('see who changed it between the approval and the fix', async () => {
    const central = await open();
    await central.deploy(ask);
    const bucket = await badBucket(central.account);
    const { remediation } = await central.find(bucket);
    await central.order({ order: 'approve', remediation }, alice);
    changedBy(central, bucket, alice);
    expect(await central.delivered()).toMatchObject([{ outcome: 'awaiting-approval' }]);
    expect((await central.trail(remediation)).at(-2)).toMatchObject({
      kind: 'approval-refused',
      code: 'own-change',
      reason: expect.stringContaining('the approver made the last change'),
    });
    expect(await isKept(central.account, bucket)).toBe(false);
  });

  it('see one person in the sessions of a role, who chooses their names', async () => {
    const central = await open();
    await central.deploy({ ...ask, approvals: { approvers } });
    const bucket = await badBucket(central.account);
    const order = { order: 'fix', rule: 's3-bucket-well-kept', resource: `arn:aws:s3:::${bucket}`, why: 'for the audit' };
    await central.order(order, alice);
    const [result] = await central.delivered();
    expect(await central.order({ order: 'approve', remediation: result?.remediation }, bob)).toMatchObject({
      statusCode: 403,
      reason: expect.stringContaining(`${bob}, who may be ${alice}, requested this fix`),
    });

    const other = await badBucket(central.account);
    const { remediation } = await central.find(other);
    expect(await central.order({ order: 'approve', remediation }, bob)).toMatchObject({ done: true });
    changedBy(central, other, alice);
    expect(await central.delivered()).toMatchObject([{ outcome: 'awaiting-approval' }]);
    expect(await isKept(central.account, other)).toBe(false);
  });

  it.each([
    ['the same user', 'arn:aws:iam::111122223333:user/ann', 'arn:aws:iam::111122223333:user/ann', 'same'],
    ['two users', 'arn:aws:iam::111122223333:user/ann', 'arn:aws:iam::111122223333:user/ben', 'different'],
    ['two sessions of a role', `${sts}/OnCall/ann`, `${sts}/OnCall/ben`, 'same'],
    ['two sessions of a role whose sessions are personal', `${sts}/Team/ann`, `${sts}/Team/ben`, 'different'],
    [
      'two people of IAM Identity Center',
      `${sts}/AWSReservedSSO_Ops_0a1b/ann@x.io`,
      `${sts}/AWSReservedSSO_Ops_0a1b/ben@x.io`,
      'different',
    ],
    [
      'one person of IAM Identity Center by two roles',
      `${sts}/AWSReservedSSO_Ops_0a1b/Ann@x.io`,
      `${sts}/AWSReservedSSO_Dev_0c/ann@x.io`,
      'same',
    ],
    ['sessions of two roles', `${sts}/OnCall/ann`, `${sts}/Deploy/build-7`, { unknown: `${sts}/OnCall/ann` }],
    ['a person and a session of another role', `${sts}/Team/ann`, `${sts}/Deploy/build-7`, { unknown: `${sts}/Deploy/build-7` }],
    ['a session of any role and a person', `${sts}/OnCall/ben`, `${sts}/Team/ann`, { unknown: `${sts}/OnCall/ben` }],
    ['a user and a session', 'arn:aws:iam::111122223333:user/ann', `${sts}/OnCall/ann`, { unknown: `${sts}/OnCall/ann` }],
    ['a user and a personal session of that name', 'arn:aws:iam::111122223333:user/Ann', `${sts}/Team/ann`, 'same'],
    ['a person and a pipeline', `${sts}/Team/ann`, `${sts}/Pipeline/build-7`, 'different'],
    ['a pipeline that approves', `${sts}/Pipeline/build-7`, `${sts}/Team/ann`, { unknown: `${sts}/Pipeline/build-7` }],
    ['a person and a service', `${sts}/Team/ann`, 'autoscaling.amazonaws.com', 'different'],
    ['a person and the root user', `${sts}/Team/ann`, 'arn:aws:iam::111122223333:root', { unknown: 'arn:aws:iam::111122223333:root' }],
    ['a role that a channel shares and a person', `${sts}/Chat/ann`, `${sts}/Team/ann`, { unknown: `${sts}/Chat/ann` }],
    ['two in a channel', `${sts}/Chat/ann`, `${sts}/Chat/ben`, 'same'],
    ['everybody and a person', 'security-hub-custom-action', `${sts}/Team/ann`, { unknown: 'security-hub-custom-action' }],
  ])('see in %s: %s and %s', (_, one, other, same) => {
    const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
    expect(
      comparePeople(one, other, {
        personalSessions: [role('Team'), role('Chat')],
        automationRoles: [role('Pipeline')],
        channelRoles: [role('Chat')],
      }),
    ).toEqual(same);
  });

  it('refuse one person who comes by two roles under two names, as nobody can tell', async () => {
    const central = await open();
    const deploy = { principals: [`${sts}/Deploy/*`] };
    await central.deploy({ ...ask, approvals: { approvers: [...approvers, deploy] } });
    const bucket = await badBucket(central.account);
    const order = { order: 'fix', rule: 's3-bucket-well-kept', resource: `arn:aws:s3:::${bucket}`, why: 'for the audit' };
    await central.order(order, alice);
    const [result] = await central.delivered();
    expect(await central.order({ order: 'approve', remediation: result?.remediation }, `${sts}/Deploy/mallory`)).toMatchObject({
      statusCode: 403,
      code: 'person-unknown',
      reason: expect.stringContaining('nobody can tell who'),
    });
    expect(await central.delivered()).toEqual([]);

    const other = await badBucket(central.account);
    const { remediation } = await central.find(other);
    expect(await central.order({ order: 'approve', remediation }, `${sts}/Deploy/mallory`)).toMatchObject({ done: true });
    changedBy(central, other, alice);
    expect(await central.delivered()).toMatchObject([{ outcome: 'awaiting-approval' }]);
    expect(await isKept(central.account, other)).toBe(false);
  });

  it('can be turned off', async () => {
    const central = await open();
    await central.deploy({ ...ask, approvals: { approvers, fourEyes: false } });
    const bucket = await badBucket(central.account);
    changedBy(central, bucket, alice);
    const { remediation } = await central.find(bucket);
    expect(await central.order({ order: 'approve', remediation }, alice)).toMatchObject({ done: true });
    expect(await central.delivered()).toMatchObject([{ outcome: 'fixed' }]);
  });
});
