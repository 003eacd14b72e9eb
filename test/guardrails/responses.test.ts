import { ListAccessKeysCommand, ListAttachedUserPoliciesCommand } from '@aws-sdk/client-iam';
import { GetBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import { undefinedOn } from '../../rules/absence';
import sessionsRule from '../../rules/iam/role-sessions-revoked';
import keyRule from '../../rules/iam/user-access-key-deactivated';
import quarantineRule from '../../rules/iam/user-quarantined';
import type { Rule } from '../../rules/rule';
import lockRule from '../../rules/s3/bucket-locked';
import type { World } from '../contract/scenario';
import type { Account } from '../emulator/account';
import { guardDutyFinding } from '../events/service-finding';
import { inlineOf, roleIdOf, roleWith } from '../rules/iam/role/seed';
import { keysOf, nameIn, uniqueIdOf, userWith } from '../rules/iam/user/seed';
import { badBucket, isKept } from './bucket';
import { approvers, bob, type Central, plantedRule, useCentral } from './central';
import { iamWorldOf } from './world-of';

const { open } = useCentral();
// Settings are fixed: that is not about responses.
const policy = { modes: { default: 'fix' }, approvals: { fourEyes: false, approvers } };
const why = 'the owner was travelling';

/** What GuardDuty says of the principal. */
type Principal = Readonly<Record<'userName' | 'userType' | 'principalId' | 'accessKeyId', string>>;

const findingAbout = ({ account, region }: Account, type: string, accessKeyDetails: Principal) => {
  const event = guardDutyFinding({ type, account, region, resource: { type: 'AWS::IAM::User', arn: '' } });
  return { ...event, detail: { ...event.detail, resource: { resourceType: 'AccessKey', accessKeyDetails } } };
};

async function attackedUser(rules: readonly Rule[]) {
  const central = await open({ rules });
  await central.deploy(policy);
  const world = iamWorldOf(central.account);
  const arn = await userWith({ path: '/finance/', keys: [{ created: 1 }, { created: 1 }], password: { created: 1 } })(world);
  const accessKeyId = (await keysOf(world, arn))[0]?.AccessKeyId ?? '';
  const principalId = await uniqueIdOf(world, arn);
  const principal = { userName: nameIn(arn), userType: 'IAMUser', principalId, accessKeyId };
  const event = findingAbout(central.account, 'UnauthorizedAccess:IAMUser/MaliciousIPCaller', principal);
  return { central, world, arn, event, principal };
}

async function attackedRole() {
  const central = await open({ rules: [revoked] });
  await central.deploy(policy);
  const world = iamWorldOf(central.account);
  const arn = await roleWith({ path: '/teams/' })(world);
  const role = { userName: nameIn(arn), userType: 'AssumedRole', accessKeyId: 'ASIAIOSFODNN7EXAMPLE' };
  const event = async (type: string, session: string) =>
    findingAbout(central.account, type, { ...role, principalId: `${await roleIdOf(world, arn)}:${session}` });
  return { central, world, arn, event };
}

const deactivated = keyRule as unknown as Rule;
const quarantined = quarantineRule as unknown as Rule;
const revoked = sessionsRule as unknown as Rule;

async function activeKeys(world: World, arn: string): Promise<readonly boolean[]> {
  const { AccessKeyMetadata = [] } = await world.send(new ListAccessKeysCommand({ UserName: nameIn(arn) }));
  return AccessKeyMetadata.map(({ Status }) => Status === 'Active');
}

async function isQuarantined(world: World, arn: string): Promise<boolean> {
  const { AttachedPolicies = [] } = await world.send(new ListAttachedUserPoliciesCommand({ UserName: nameIn(arn) }));
  return AttachedPolicies.some(({ PolicyArn }) => PolicyArn === 'arn:aws:iam::aws:policy/AWSDenyAll');
}

/** The finding waits for an approval; then it is contained, and a rollback releases it. `contained`: whether it is. */
async function goesRound(central: Central, event: object, rule: Rule, contained: () => Promise<boolean>): Promise<void> {
  const [asked] = (await central.send(event, rule)).results;
  expect(asked).toMatchObject({ outcome: 'awaiting-approval' });
  expect(await contained()).toBe(false);
  const remediation = asked?.remediation ?? '';

  expect(await central.order({ order: 'approve', remediation }, bob)).toMatchObject({ statusCode: 200, done: true });
  expect(await central.delivered()).toMatchObject([{ outcome: 'fixed', remediation }]);
  expect(await contained()).toBe(true);
  expect((await central.trail(remediation)).map(({ kind }) => kind)).toEqual(['approval-requested', 'approved', 'planned', 'verified']);
  expect((await central.send(event, rule)).results).toMatchObject([{ outcome: 'already-compliant' }]);

  expect(await central.order({ order: 'rollback', remediation, why })).toMatchObject({ statusCode: 200, done: true });
  expect(await central.delivered()).toMatchObject([{ outcome: 'rolled-back', remediation }]);
  expect(await contained()).toBe(false);
  // A released principal is not contained again by itself, and not exempt from being asked about.
  expect((await central.send(event, rule)).results).toMatchObject([{ outcome: 'awaiting-approval' }]);
}

describe('a finding about the access key of a user', () => {
  it('has the key deactivated once that is approved, and a rollback activates it', async () => {
    const { central, world, arn, event } = await attackedUser([deactivated]);
    await goesRound(central, event, deactivated, async () => (await activeKeys(world, arn)).join() === 'false,true');
    expect(await activeKeys(world, arn)).toEqual([true, true]);
  });

  it('has the user quarantined once that is approved, and a rollback releases the user', async () => {
    const { central, world, arn, event } = await attackedUser([quarantined]);
    await goesRound(central, event, quarantined, () => isQuarantined(world, arn));
  });

  it('leads to two responses, each approved by itself', async () => {
    const { central, world, arn, event } = await attackedUser([deactivated, quarantined]);
    const [first] = (await central.send(event, deactivated)).results;
    const [second] = (await central.send(event, quarantined)).results;
    expect([first?.outcome, second?.outcome]).toEqual(['awaiting-approval', 'awaiting-approval']);
    await central.order({ order: 'approve', remediation: second?.remediation ?? '' });
    expect(await central.delivered()).toMatchObject([{ outcome: 'fixed' }]);
    expect([await isQuarantined(world, arn), await activeKeys(world, arn)]).toEqual([true, [true, true]]);
  });

  it('is responded to at once where a clause of the policy names the response', async () => {
    const { central, world, arn, event } = await attackedUser([deactivated]);
    await central.deploy({ ...policy, responses: { clauses: [{ mode: 'fix', rules: [deactivated.id] }] } });
    expect((await central.send(event, deactivated)).results).toMatchObject([{ outcome: 'fixed' }]);
    expect(await activeKeys(world, arn)).toEqual([false, true]);
  });

  it('that is temporary deactivates no key of the user', async () => {
    const { central, world, arn, event, principal } = await attackedUser([deactivated]);
    const temporary = findingAbout(central.account, event.detail.type, { ...principal, accessKeyId: 'ASIAIOSFODNN7EXAMPLE' });
    expect((await central.send(temporary, deactivated)).results).toMatchObject([{ outcome: 'unfixable' }]);
    expect(await activeKeys(world, arn)).toEqual([true, true]);
  });

  it('is not acted on where it comes from another account', async () => {
    const { central, world, arn, event } = await attackedUser([deactivated]);
    const { results, refusals } = await central.send({ ...event, account: '999999999999' }, deactivated);
    expect([results, refusals]).toMatchObject([[], [{ code: 'foreign-account' }]]);
    expect(await activeKeys(world, arn)).toEqual([true, true]);
  });
});

describe('a finding about a role', () => {
  it('has its sessions revoked once that is approved, and a rollback removes the policy', async () => {
    const { central, world, arn, event } = await attackedRole();
    const about = await event('UnauthorizedAccess:IAMUser/TorIPCaller', 'jane');
    await goesRound(central, about, revoked, async () => Object.keys(await inlineOf(world, arn)).join() === 'AWSRevokeOlderSessions');
    expect(await inlineOf(world, arn)).toEqual({});
  });

  it('has the sessions of an instance denied alone', async () => {
    const { central, world, arn, event } = await attackedRole();
    const about = await event('UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS', 'i-0fedcba9876543210');
    const name = 'posture-quarantine-i-0fedcba9876543210';
    await goesRound(central, about, revoked, async () => Object.keys(await inlineOf(world, arn)).join() === name);
  });

  it('has later sessions revoked, too, where the activity went on', async () => {
    const { central, world, arn, event } = await attackedRole();
    await central.deploy({ ...policy, responses: { clauses: [{ mode: 'fix', rules: [revoked.id] }] } });
    const about = await event('UnauthorizedAccess:IAMUser/TorIPCaller', 'jane');
    expect((await central.send(about, revoked)).results).toMatchObject([{ outcome: 'fixed' }]);
    const first = await inlineOf(world, arn);
    central.clock.pass(7200);
    expect((await central.send(about, revoked)).results).toMatchObject([{ outcome: 'already-compliant' }]);
    expect(await inlineOf(world, arn)).toEqual(first);
    const eventLastSeen = central.clock.now().toISOString();
    const again = { ...about, detail: { ...about.detail, service: { ...about.detail.service, eventLastSeen } } };
    central.clock.pass(60);
    expect((await central.send(again, revoked)).results).toMatchObject([{ outcome: 'fixed' }]);
    expect(JSON.stringify(await inlineOf(world, arn))).toContain(central.clock.now().toISOString().slice(0, 16));
  });
});

it('an attacked bucket is locked to responders once that is approved, and a rollback opens it', async () => {
  const locked = lockRule as unknown as Rule;
  const responders = ['arn:aws:iam::444455556666:role/Responder'];
  const central = await open({ rules: [locked] });
  await central.deploy({ ...policy, parameters: [{ rules: [locked.id], values: { responders } }] });
  const bucket = await badBucket(central.account);
  const { account, region } = central.account;
  const resource = { type: 'AWS::S3::Bucket', arn: `arn:aws:s3:::${bucket}` };
  const s3 = central.account.client(S3Client);
  await goesRound(central, guardDutyFinding({ type: 'AttackSequence:S3/CompromisedData', account, region, resource }), locked, async () => {
    const answer = await undefinedOn(['NoSuchBucketPolicy'], s3.send(new GetBucketPolicyCommand({ Bucket: bucket })));
    return answer?.Policy?.includes('"PostureLocked"') ?? false;
  });
});

it('a response whose second change fails keeps the first one in effect, and goes on', async () => {
  const type = 'Impact:S3/MaliciousIPCaller';
  const rule: Rule = { ...plantedRule, response: true, detectedBy: { securityHub: [], config: [], guardDuty: { types: [type] } } };
  const central = await open({ rules: [rule] });
  await central.deploy({ ...policy, responses: { clauses: [{ mode: 'fix', rules: [rule.id] }] } });
  const bucket = await badBucket(central.account);
  const { account, region } = central.account;
  const event = guardDutyFinding({ type, account, region, resource: { type: 'AWS::S3::Bucket', arn: `arn:aws:s3:::${bucket}` } });
  central.emulator.gateway.fail({ operation: 'PutBucketOwnershipControls', account, as: 'access-denied', times: 1 });
  const [result] = (await central.send(event, rule)).results;
  expect(result).toMatchObject({ outcome: 'incomplete', reason: expect.stringContaining('In effect: s3:PutPublicAccessBlock') });
  expect(await isKept(central.account, bucket)).toBe(false);
  const { results } = await central.comeBack();
  expect(results).toMatchObject([{ outcome: 'fixed', remediation: result?.remediation }]);
  expect(await isKept(central.account, bucket)).toBe(true);
});
