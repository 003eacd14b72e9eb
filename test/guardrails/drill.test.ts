import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { systemClock } from '../../functions/clock';
import { getDrill, listDrills } from '../../functions/coordination/drill';
import instanceRule from '../../rules/ec2/instance-isolated';
import quarantineRule from '../../rules/iam/user-quarantined';
import type { Rule } from '../../rules/rule';
import type { Statement } from '../emulator/gateway/permissions/statement';
import { alice, type Central, plantedRule, useCentral } from './central';

const { open } = useCentral();
const isolated = instanceRule as unknown as Rule;
const quarantined = quarantineRule as unknown as Rule;

const everything: Statement = { Effect: 'Allow', Action: '*', Resource: '*' };

/** A hub with the response alone, whose role has these permissions. */
async function opened(rule: Rule, statements: readonly Statement[] = [everything]): Promise<Central> {
  const central = await open({ rules: [rule] });
  central.emulator.gateway.grant(`arn:aws:iam::${central.account.account}:role/posture-${rule.id}`, statements);
  return central;
}

/** Orders the drill, delivers it, and reads what was recorded. */
async function drilled(central: Central, rule: Rule, more: object = {}) {
  const { account } = central.account;
  const reply = await central.order({ order: 'drill', rule: rule.id, account, ...more }, alice);
  expect(reply).toMatchObject({ statusCode: 200, done: true });
  expect(await central.delivered()).toEqual([]);
  const found = await getDrill(central.account.client(DynamoDBClient), 'posture-coordination', { rule: rule.id, account }, systemClock);
  if (!found) throw new Error('Nothing was recorded.');
  return found;
}

/** The calls of the role in the account that change something. */
const changes = (central: Central): readonly string[] =>
  central.emulator.gateway.calls
    .filter(({ role, account }) => account === central.account.account && role?.includes('posture-') === true)
    .map(({ operation }) => operation)
    .filter((operation) => !/^(Describe|Get|List|Simulate|Lookup)/.test(operation));

describe('a drill', () => {
  it('simulates all that the response may do, and records that AWS would permit it', async () => {
    const central = await opened(quarantined);
    const found = await drilled(central, quarantined);
    expect(found).toMatchObject({
      rule: quarantined.id,
      region: central.account.region,
      requestedBy: alice,
      allowed: 6,
      denied: 0,
      unknown: 0,
    });
    expect(changes(central)).toEqual([]);
    const listed = await listDrills(central.account.client(DynamoDBClient), 'posture-coordination', systemClock);
    expect(listed.map(({ rule }) => rule)).toEqual([quarantined.id]);
  });

  it('finds what the role may not do, also where only a condition permits it', async () => {
    const denial = 'arn:aws:iam::aws:policy/AWSDenyAll';
    const limited = (policy: string): readonly Statement[] => [
      { Effect: 'Allow', Action: ['iam:Get*', 'iam:List*', 'iam:Simulate*'], Resource: '*' },
      { Effect: 'Allow', Action: 'iam:*UserPolicy', Resource: '*', Condition: { ArnEquals: { 'iam:PolicyARN': policy } } },
    ];
    expect(await drilled(await opened(quarantined, limited(denial)), quarantined)).toMatchObject({ denied: 0, unknown: 0 });
    const { denied, checks } = await drilled(await opened(quarantined, limited('arn:aws:iam::aws:policy/Other')), quarantined);
    expect(denied).toBe(2);
    expect(checks.slice(0, 2)).toEqual([
      expect.objectContaining({ action: 'iam:AttachUserPolicy', verdict: 'denied', why: 'No policy of the role allows it.' }),
      expect.objectContaining({ action: 'iam:DetachUserPolicy', verdict: 'denied' }),
    ]);
  });

  it('names the organization where a service control policy is in the way', async () => {
    const central = await opened(quarantined);
    const deny: Statement = { Effect: 'Deny', Action: 'iam:AttachUserPolicy', Resource: '*' };
    central.emulator.gateway.controlPolicies.set(central.account.account, [everything, deny]);
    const { checks } = await drilled(central, quarantined);
    expect(checks[0]).toMatchObject({
      action: 'iam:AttachUserPolicy',
      verdict: 'denied',
      why: 'A service control policy of the organization does not allow it.',
    });
  });

  it('says so if the role can not be assumed or IAM does not answer', async () => {
    const central = await opened(quarantined);
    const fault = central.emulator.gateway.fail({ operation: 'SimulatePrincipalPolicy', as: 'access-denied' });
    const { denied, checks } = await drilled(central, quarantined);
    fault.cancel();
    expect([denied, checks[0]?.action]).toEqual([1, 'iam:SimulatePrincipalPolicy']);
  });

  it('has EC2 check the requests for an instance, which stays as it is', async () => {
    const central = await opened(isolated);
    const ec2 = central.account.client(EC2Client);
    const { Instances: [instance] = [] } = await ec2.send(new RunInstancesCommand({ ImageId: 'ami-12c6146b', MinCount: 1, MaxCount: 1 }));
    const { account, region } = central.account;
    const resource = `arn:aws:ec2:${region}:${account}:instance/${instance?.InstanceId}`;
    const found = await drilled(central, isolated, { resource });
    const tried = found.checks.filter(({ on }) => on === resource);
    expect(found).toMatchObject({ resource, denied: 0, unknown: 0 });
    expect(found.allowed).toBeGreaterThan(tried.length);
  });

  it('is refused for what is no response, and for a resource of another kind', async () => {
    const central = await open({ rules: [plantedRule, quarantined] });
    const { account } = central.account;
    expect(await central.order({ order: 'drill', rule: plantedRule.id, account })).toMatchObject({
      code: 'not-a-response',
      reason: expect.stringContaining(`one of: ${quarantined.id}.`),
    });
    expect(await central.order({ order: 'drill', rule: quarantined.id, account, resource: 'arn:aws:s3:::records' })).toMatchObject({
      code: 'unsupported-resource',
    });
    expect(await central.order({ order: 'drill', rule: 'iam-user-quarantine', account })).toMatchObject({ code: 'rule-not-found' });
    expect(central.messages()).toEqual([]);
  });
});
