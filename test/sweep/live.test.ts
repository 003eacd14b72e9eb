import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client, GetEbsEncryptionByDefaultCommand } from '@aws-sdk/client-ec2';
import { CreateKeyCommand, GetKeyRotationStatusCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateBucketCommand, GetBucketVersioningCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import { loadRules } from '../../functions/catalogue/catalogue';
import type { Result } from '../../functions/remediate/context';
import { sweepHandler } from '../../functions/sweep/handler';
import { readsOf } from '../../infra/member/sweep-role';
import tables from '../../rules/dynamodb/table-deletion-protected';
import defaultGroup from '../../rules/ec2/default-security-group-closed';
import volumes from '../../rules/ec2/ebs-encryption-by-default';
import keyRotation from '../../rules/kms/key-rotation-enabled';
import { type Rule, toArray } from '../../rules/rule';
import access from '../../rules/s3/bucket-public-access-blocked';
import versioning from '../../rules/s3/bucket-versioning-enabled';
import { type Account, functionCredentials } from '../emulator/account';
import { deployStacks } from '../emulator/deploy-stacks';
import { type Central, unbounded, useCentral } from '../guardrails/central';
import { synthesized, temporaryFolder } from '../infra/synthesized';
import { callsOfCheck } from '../price/sweep';

const { open } = useCentral();
const rules = [versioning, access, keyRotation, volumes, defaultGroup, tables] as unknown as readonly Rule[];
const context = { getRemainingTimeInMillis: () => 900_000 } as Context;

/** Two accounts in two Regions, in which no detection service is on, and resources that nobody reports. */
async function neglected(policy: object, { granted = true } = {}) {
  const central = await open({ rules });
  await central.deploy({ ...unbounded, ...policy });
  const member = await central.emulator.account();
  const Bucket = `neglected-${central.account.account}`;
  await central.account
    .client(S3Client)
    .send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }));
  const { KeyMetadata } = await member.client(KMSClient, { region: 'us-east-1' }).send(new CreateKeyCommand({}));
  await member.client(DynamoDBClient).send(
    new CreateTableCommand({
      TableName: 'orders',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
  Object.assign(process.env, {
    SWEEP: '24',
    ACCOUNTS: `${central.account.account},${member.account}`,
    REGIONS: 'eu-west-1,us-east-1',
    MAX_FINDINGS: '100',
    AWS_REGION: central.account.region,
  });
  for (const { account } of granted ? [central.account, member] : [])
    central.emulator.gateway.grant(`arn:aws:iam::${account}:role/posture-sweep`, readsIn(account));
  return { central, member, bucket: Bucket, key: KeyMetadata?.KeyId ?? '', run: sweepingOf(central) };
}

/** What the template grants, written out for the account. */
const readsIn = (account: string) =>
  readsOf(rules).map(({ actions, on }) => ({
    Effect: 'Allow' as const,
    Action: actions,
    Resource: toArray(on).map((arn) => arn.replaceAll('{partition}', 'aws').replaceAll('{region}', '*').replaceAll('{account}', account)),
  }));

/** A run by the real handler, whose member role may do what the template grants, and nothing else. */
function sweepingOf(central: Central) {
  const { MEMBER_ROLE: ofRule } = process.env;
  const handler = sweepHandler(rules, central.clock);
  return async (left = context) => {
    process.env.MEMBER_ROLE = 'arn:{partition}:iam::{account}:role/posture-sweep';
    central.emulator.gateway.enforce({ on: true });
    try {
      return await handler({ any: 'event' }, left);
    } finally {
      central.emulator.gateway.enforce({ on: false });
      process.env.MEMBER_ROLE = ofRule;
    }
  };
}

const nextDay = (central: Central): void => central.clock.pass(24 * 3600);
const outcomes = (results: readonly Result[]) => results.map(({ outcome }) => outcome);

/** Delivers what was handed on, one after the other. */
async function deliver(central: Central) {
  const results: (Result & { readonly rule: string })[] = [];
  for (const { function: name, event } of central.messages()) {
    const rule = rules.find(({ id }) => name === `posture-rule-${id}`);
    const answer = await central.send(event, rule);
    expect(answer.refusals).toEqual([]);
    results.push(...answer.results.map((one) => ({ ...one, rule: rule?.id ?? '' })));
  }
  return results;
}

const expected = ({ central, member, bucket, key }: Awaited<ReturnType<typeof neglected>>) => {
  const accounts = [central.account.account, member.account];
  return [
    `s3-bucket-versioning-enabled arn:aws:s3:::${bucket}`,
    `s3-bucket-public-access-blocked arn:aws:s3:::${bucket}`,
    `kms-key-rotation-enabled arn:aws:kms:us-east-1:${member.account}:key/${key}`,
    `dynamodb-table-deletion-protected arn:aws:dynamodb:eu-west-1:${member.account}:table/orders`,
    // In each of both Regions.
    ...accounts.flatMap((id) => [
      `ec2-ebs-encryption-by-default AWS::::Account:${id}`,
      `ec2-ebs-encryption-by-default AWS::::Account:${id}`,
    ]),
  ];
};

/** The tables of the hub are among those that the rule covers. */
const isOurs = (one: string): boolean => one.includes(':table/posture-') || one.startsWith('ec2-default-security-group-closed');

describe('resources that no detector reports', () => {
  it('are found in all accounts and Regions, and observed, as the policy says; the next sweep has nothing new to log', async () => {
    const world = await neglected({ modes: { default: 'observe' } });
    const { central, run } = world;
    const first = await run();
    expect(first).toMatchObject({ finished: true, notSwept: 0, unread: [], known: 0 });
    const { checks } = first as { readonly checks: number };
    const calls = central.emulator.gateway.calls.filter(({ role }) => role?.endsWith(':role/posture-sweep'));
    expect(checks).toBeGreaterThan(10);
    expect(calls.length / checks).toBeLessThanOrEqual(callsOfCheck);
    const results = await deliver(central);
    expect(new Set(outcomes(results))).toEqual(new Set(['observed']));
    const found = results.map(({ rule, resource }) => `${rule} ${resource}`);
    expect(found.filter((one) => !isOurs(one)).toSorted()).toEqual(expected(world).toSorted());
    // Each VPC has a default group, which is open.
    expect(found.filter((one) => one.startsWith('ec2-default-security-group-closed'))).toHaveLength(4);
    const [trail = []] = await Promise.all(results.slice(0, 1).map(({ remediation }) => central.trail(remediation)));
    expect(trail).toMatchObject([{ source: 'sweep', finding: expect.stringMatching(/^posture-sweep\//), kind: 'observed' }]);

    expect(await run()).toEqual({ skipped: 'not-due' });
    central.clock.pass(12 * 3600);
    process.env.SWEEP = '1';
    const again = await sweepingOf(central)();
    expect(again).toMatchObject({ checks, known: results.length, handedOn: 0 });

    // After a day, the function of the rule decides anew, and logs nothing.
    nextDay(central);
    expect(await sweepingOf(central)()).toMatchObject({ handedOn: results.length });
    const repeated = await deliver(central);
    expect(repeated.map(({ remediation }) => remediation).toSorted()).toEqual(results.map(({ remediation }) => remediation).toSorted());
  });

  it('are fixed where the policy says so, with no word of a detector, and the next sweep finds nothing', async () => {
    const world = await neglected({ modes: { clauses: [{ mode: 'fix', rules: ['*'] }] } });
    const { central, member, run, bucket, key } = world;
    await run();
    const results = await deliver(central);
    expect(results.filter(({ outcome }) => outcome !== 'fixed' && outcome !== 'verifying')).toEqual([]);
    central.clock.pass(3600);
    const late = await central.due();
    expect(new Set(outcomes(late))).toEqual(new Set(late.length > 0 ? ['fixed'] : []));
    const at = <Client>(account: Account, Class: new (configuration: never) => Client, region = 'eu-west-1') =>
      account.client(Class, { region });
    expect(await at(central.account, S3Client).send(new GetBucketVersioningCommand({ Bucket: bucket }))).toMatchObject({
      Status: 'Enabled',
    });
    expect(await at(member, KMSClient, 'us-east-1').send(new GetKeyRotationStatusCommand({ KeyId: key }))).toMatchObject({
      KeyRotationEnabled: true,
    });
    for (const region of ['eu-west-1', 'us-east-1'])
      for (const account of [central.account, member])
        expect(await at(account, EC2Client, region).send(new GetEbsEncryptionByDefaultCommand({}))).toMatchObject({
          EbsEncryptionByDefault: true,
        });
    const { Table } = await at(member, DynamoDBClient).send(new DescribeTableCommand({ TableName: 'orders' }));
    expect(Table?.DeletionProtectionEnabled).toBe(true);

    // Its own look is the end: no detector is asked, told, or promised.
    expect(await central.looks()).toEqual([]);
    expect(central.emulator.gateway.calls.filter(({ operation }) => operation.startsWith('BatchUpdateFindings'))).toEqual([]);
    const ends = await Promise.all(results.map(({ remediation }) => central.last(remediation)));
    for (const end of ends) expect(end?.reason).toBe("The rule's check passes after the change.");

    nextDay(central);
    expect(await run()).toMatchObject({ results: { compliant: expect.any(Number) }, handedOn: 0, known: 0 });
    expect(await deliver(central)).toEqual([]);
  });

  it('come back as drift, and are fixed again, although the log has a fix of today', async () => {
    const { central, run, bucket } = await neglected({ modes: { clauses: [{ mode: 'fix', rules: ['s3-bucket-versioning-enabled'] }] } });
    await run();
    await deliver(central);
    await central.account
      .client(S3Client)
      .send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: 'Suspended' } }));
    central.clock.pass(2 * 3600);
    process.env.SWEEP = '1';
    expect(await sweepingOf(central)()).toMatchObject({ handedOn: 1 });
    expect(outcomes(await deliver(central))).toEqual(['fixed']);
  });

  it('are new in another Region, although a setting of an account has the same ARN there', async () => {
    const { central } = await neglected({ modes: { default: 'observe' } });
    process.env.REGIONS = 'eu-west-1';
    process.env.SWEEP = '1';
    await sweepingOf(central)();
    await deliver(central);
    central.clock.pass(3600);
    process.env.REGIONS = 'eu-west-1,us-east-1';
    expect(await sweepingOf(central)()).toMatchObject({ finished: true });
    const settings = (await deliver(central)).filter(({ rule }) => rule === volumes.id);
    expect(settings.map(({ outcome }) => outcome)).toEqual(['observed', 'observed']);
  });

  it('are handed on in parts, where the time or the maximum is over, and none is lost', async () => {
    process.env.MAX_FINDINGS = '2';
    const world = await neglected({ modes: { default: 'observe' } });
    process.env.MAX_FINDINGS = '2';
    const run = sweepingOf(world.central);
    const results: (Result & { readonly rule: string })[] = [];
    let runs = 0;
    for (let finished = false; !finished; runs += 1) {
      const swept = await run();
      if ('skipped' in swept) throw new Error(`Skipped: ${swept.skipped}.`);
      expect(swept.handedOn).toBeLessThanOrEqual(2);
      results.push(...(await deliver(world.central)));
      finished = swept.finished;
      world.central.clock.pass(3600);
    }
    expect(runs).toBeGreaterThan(4);
    const found = results.map(({ rule, resource }) => `${rule} ${resource}`);
    expect(found.filter((one) => !isOurs(one)).toSorted()).toEqual(expected(world).toSorted());
  });

  it('are not looked for while the sweep is off, whoever invokes the function', async () => {
    const { central } = await neglected({});
    process.env.SWEEP = 'off';
    central.emulator.gateway.clear();
    expect(await sweepingOf(central)()).toEqual({ skipped: 'off' });
    expect(central.emulator.gateway.calls).toEqual([]);
  });
});

it('is counted, with what could not be looked at', async () => {
  const { central, member, run } = await neglected({ modes: { default: 'observe' } });
  central.emulator.gateway.grant(
    `arn:aws:iam::${member.account}:role/posture-sweep`,
    readsIn(member.account).map((one) => ({ ...one, Action: one.Action.filter((action) => !action.startsWith('kms:')) })),
  );
  const result = await run();
  expect(result).toMatchObject({ finished: true, notSwept: 2 });
  expect('unread' in result && result.unread).toEqual(
    ['eu-west-1', 'us-east-1'].map((region) =>
      expect.stringMatching(new RegExp(`^${member.account}, ${region}, kms-key-rotation-enabled: AccessDenied`)),
    ),
  );
  const handedOn = 'handedOn' in result ? result.handedOn : 0;
  expect(central.metrics()).toContainEqual(expect.objectContaining({ Rule: 'sweep', SweepHandedOn: handedOn, NotSwept: 2 }));
});

describe('the role as it is deployed', () => {
  const outdir = temporaryFolder('sweep-live');

  it('can be assumed by the function of the sweep, reads all that the rules list and inspect, and by nobody else', async () => {
    const entries = loadRules().filter(({ rule }) => rules.some(({ id }) => id === rule.id));
    const { assembly } = await synthesized(outdir, { entries });
    const world = await neglected({ modes: { default: 'observe' } }, { granted: false });
    const { central, member } = world;
    const { gateway } = central.emulator;
    for (const account of [central.account, member])
      await deployStacks(account, assembly, ['PostureMember'], { Sweep: 'on', CentralAccount: central.account.account });
    const as = async (name: string): Promise<void> => {
      const role = `arn:aws:iam::${central.account.account}:role/posture-function-${name}`;
      gateway.grant(role, [
        { Effect: 'Allow', Action: ['dynamodb:*', 'appconfig:*', 'sts:AssumeRole', 'lambda:InvokeFunction'], Resource: '*' },
      ]);
      const { accessKeyId, secretAccessKey, sessionToken } = await functionCredentials(gateway, { role, name: `posture-${name}` });
      Object.assign(process.env, {
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        AWS_SESSION_TOKEN: sessionToken,
      });
    };
    await as('reconcile');
    expect(await sweepingOf(central)()).toMatchObject({
      checks: 0,
      notSwept: 2,
      unread: [central.account.account, member.account].toSorted().map((id) => expect.stringMatching(new RegExp(`^${id}: AccessDenied`))),
    });
    central.clock.pass(24 * 3600);
    await as('sweep');
    const result = await sweepingOf(central)();
    expect(result).toMatchObject({ finished: true, notSwept: 0, unread: [] });
    expect('handedOn' in result && result.handedOn).toBeGreaterThanOrEqual(expected(world).length);
  });
});
