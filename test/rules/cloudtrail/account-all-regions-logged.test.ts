import {
  CreateTrailCommand,
  type CreateTrailCommandInput,
  DescribeTrailsCommand,
  GetTrailCommand,
  GetTrailStatusCommand,
  ListTagsCommand,
  StartLoggingCommand,
  StopLoggingCommand,
} from '@aws-sdk/client-cloudtrail';
import { CreateBucketCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { isChanges, loggedChange } from '../../../functions/plan/change';
import { undefinedOn } from '../../../rules/absence';
import { account } from '../../../rules/account';
import rule from '../../../rules/cloudtrail/account-all-regions-logged';
import type { JsonObject } from '../../../rules/json';
import { type Aws, type AwsCommand, toArray } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import { planOf } from '../../contract/plan-of';
import type { World } from '../../contract/scenario';

const random = () => Math.random().toString(36).slice(2);
const bucket = `trail-logs-${random()}`;
const closed = `trail-logs-${random()}`;
const folder = `trail-logs-${random()}`;
const Name = 'posture-all-regions';
const everywhere = { IsMultiRegionTrail: true, IncludeGlobalServiceEvents: true };

const lookingAtAcl: JsonObject = {
  Effect: 'Allow',
  Principal: { Service: 'cloudtrail.amazonaws.com' },
  Action: 's3:GetBucketAcl',
  Resource: `arn:aws:s3:::${bucket}`,
};
const writing: JsonObject = {
  ...lookingAtAcl,
  Action: 's3:PutObject',
  Resource: `arn:aws:s3:::${bucket}/AWSLogs/*`,
  Condition: { StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } },
};
const inBucket = (statement: JsonObject, name: string): JsonObject => JSON.parse(JSON.stringify(statement).replaceAll(bucket, name));

describeRule(rule, {
  parameters: { bucket },
  violations: {
    'an account without a trail': {
      seed: accountWith(),
      async fixed(world) {
        const { Trail } = await world.send(new GetTrailCommand({ Name }));
        expect(Trail).toMatchObject({ ...everywhere, S3BucketName: bucket, LogFileValidationEnabled: true });
        expect(await isLogging(world, Name)).toBe(true);
        const { ResourceTagList } = await world.send(new ListTagsCommand({ ResourceIdList: [Trail?.TrailARN ?? ''] }));
        expect(ResourceTagList?.[0]?.TagsList).toEqual([{ Key: 'posture:rule', Value: rule.id }]);
      },
      rolledBack: async (world) => expect((await world.send(new DescribeTrailsCommand({}))).trailList).toEqual([]),
    },
    'an account without a trail, in which somebody makes another one before the rollback': {
      seed: accountWith(),
      meanwhile: async (world) => void (await makeTrail(world, 'theirs', {})),
      rolledBack: async (world) =>
        expect((await world.send(new DescribeTrailsCommand({}))).trailList).toEqual([expect.objectContaining({ Name: 'theirs' })]),
    },
    'a trail of all regions that is stopped, in an account in which somebody makes another one before the rollback': {
      seed: accountWith(everywhere, 'stopped'),
      meanwhile: async (world) => void (await makeTrail(world, 'others', {})),
      rolledBack: async (world) => {
        expect(await isLogging(world, 'theirs')).toBe(false);
        expect(await isLogging(world, 'others')).toBe(true);
      },
    },
    'an account with a trail of one region': {
      seed: accountWith({}),
      fixed: async (world) => expect(await isLogging(world, Name)).toBe(true),
    },
    'an account with a trail of all regions that is stopped': {
      seed: accountWith(everywhere, 'stopped'),
      async fixed(world) {
        expect(await isLogging(world, 'theirs')).toBe(true);
        expect((await world.send(new DescribeTrailsCommand({}))).trailList).toHaveLength(1);
      },
      rolledBack: async (world) => expect(await isLogging(world, 'theirs')).toBe(false),
    },
    'an account whose only trail is stopped, where any will do, and a folder': {
      detectedBy: 'CloudTrail.3',
      seed: async (world) => {
        await makeBucket(world, folder, inBucket(lookingAtAcl, folder), {
          ...inBucket(writing, folder),
          Resource: `arn:aws:s3:::${folder}/audit/AWSLogs/${world.account}/*`,
        });
        return accountWith({}, 'stopped')(world);
      },
      parameters: { bucket: folder, prefix: 'audit' },
      fixed: async (world) => expect((await world.send(new GetTrailCommand({ Name }))).Trail?.S3KeyPrefix).toBe('audit'),
    },
  },
  compliant: {
    'an account with a trail of all regions': { seed: accountWith(everywhere) },
    'an account with such a trail of another region': {
      seed: async (world) => {
        await accountWith(everywhere)(world.in('us-east-1'));
        return world.account;
      },
    },
    'an account with a trail of one region, where any will do': { detectedBy: 'cloudtrail-enabled', seed: accountWith({}) },
  },
  obstacles: {
    'no bucket': { seed: accountWith(), parameters: { bucket: '' }, outcome: 'not-configured', reason: /bucket/ },
    'a bucket that is not there': {
      seed: accountWith(),
      parameters: { bucket: 'no-such-bucket-anywhere' },
      outcome: 'unfixable',
      reason: /bucket no-such-bucket-anywhere for the log files does not exist/,
    },
    'a bucket that CloudTrail can not write to': {
      seed: async (world) => {
        await makeBucket(world, closed, inBucket(lookingAtAcl, closed));
        return accountWith()(world);
      },
      parameters: { bucket: closed },
      outcome: 'unfixable',
      reason: /does not allow cloudtrail.amazonaws.com to read the bucket ACL/,
    },
    'a trail of all regions that is stopped elsewhere': {
      seed: async (world) => {
        await accountWith(everywhere, 'stopped')(world.in('us-east-1'));
        return world.account;
      },
      outcome: 'unfixable',
      reason: /us-east-1:\d+:trail\/theirs is stopped/,
    },
    'a trail of one region with the name of ours': {
      seed: accountWith({ Name }),
      outcome: 'unfixable',
      reason: /does not log all management events of all regions/,
    },
  },
  missing: 'always there',
  unexercised: { 'cloudtrail:GetEventSelectors': 'moto never says that a trail has selectors of its own.' },
});

const place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };
const resource = { ...place, type: account.type, id: '111122223333', arn: 'AWS::::Account:111122223333' };
const arn = 'arn:aws:cloudtrail:eu-west-1:111122223333:trail/theirs';
const parameters = { bucket: 'logs' };
const context = { parameters, detectedBy: 'CloudTrail.1', now: new Date(0) };
const answering = (answers: Readonly<Record<string, object>>): Aws => ({
  async send<Output>(command: AwsCommand<Output>) {
    const answer = answers[command.constructor.name.replace('Command', '')];
    if (answer instanceof Error) throw answer;
    return answer as Output;
  },
});
const selecting = (selectors: object) =>
  answering({
    DescribeTrails: { trailList: [{ TrailARN: arn, IsMultiRegionTrail: true, HasCustomEventSelectors: true }] },
    GetTrailStatus: { IsLogging: true },
    GetEventSelectors: selectors,
    GetBucketPolicy: {},
  });

it.each<[string, boolean, object]>([
  ['all management events', true, { EventSelectors: [{ IncludeManagementEvents: true, ReadWriteType: 'All' }] }],
  ['writes alone', false, { EventSelectors: [{ IncludeManagementEvents: true, ReadWriteType: 'WriteOnly' }] }],
  ['data alone', false, { EventSelectors: [{ IncludeManagementEvents: false, ReadWriteType: 'All' }] }],
  [
    'all but those of a service',
    false,
    { EventSelectors: [{ IncludeManagementEvents: true, ReadWriteType: 'All', ExcludeManagementEventSources: ['kms.amazonaws.com'] }] },
  ],
  [
    'all, by the newer selectors',
    true,
    { AdvancedEventSelectors: [{ FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] }] },
  ],
  [
    'data alone, by the newer selectors',
    false,
    { AdvancedEventSelectors: [{ FieldSelectors: [{ Field: 'eventCategory', Equals: ['Data'] }] }] },
  ],
  [
    'writes alone, by the newer selectors',
    false,
    {
      AdvancedEventSelectors: [
        {
          FieldSelectors: [
            { Field: 'eventCategory', Equals: ['Management'] },
            { Field: 'readOnly', Equals: ['false'] },
          ],
        },
      ],
    },
  ],
  ['nothing', false, {}],
])('sees whether a trail logs all, where it logs %s', async (_what, complete, selectors) => {
  expect(await rule.inspect(resource, selecting(selectors), parameters)).toMatchObject({
    trails: [{ arn, everywhere: true, logging: true, complete }],
  });
});

it.each<[string, string, object]>([
  ['AccessDenied', 'another', Object.assign(new Error(), { name: 'AccessDenied' })],
  ['MethodNotAllowed', 'another', Object.assign(new Error(), { name: 'MethodNotAllowed' })],
  ['NoSuchBucketPolicy', 'closed', Object.assign(new Error(), { name: 'NoSuchBucketPolicy' })],
])('takes a bucket that answers %s for one that is %s', async (_name, seen, GetBucketPolicy) => {
  expect(await rule.inspect(resource, answering({ DescribeTrails: {}, GetBucketPolicy }), parameters)).toEqual({
    trails: [],
    bucket: seen,
  });
});

it("makes its trail in another account's bucket, waits until CloudTrail knows it, and starts it last", () => {
  const plan = rule.plan(resource, { trails: [], bucket: 'another' }, context);
  expect(isChanges(plan) && plan.map((change) => loggedChange(change).do.operation)).toEqual(['CreateTrail', 'StartLogging']);
  expect(isChanges(plan) && plan[1]).toMatchObject({ retryOn: ['TrailNotFoundException'] });
});

describe('a trail of an organization that another account owns', () => {
  const theirs = 'arn:aws:cloudtrail:us-east-1:444455556666:trail/of-all';
  const inspected = (HasCustomEventSelectors: boolean, IsLogging = true) =>
    rule.inspect(
      resource,
      answering({
        DescribeTrails: { trailList: [{ TrailARN: theirs, IsMultiRegionTrail: true, IsOrganizationTrail: true, HasCustomEventSelectors }] },
        GetTrailStatus: { IsLogging },
        // Only the account that owns it may ask.
        GetEventSelectors: Object.assign(new Error(), { name: 'TrailNotFoundException' }),
        GetBucketPolicy: {},
      }),
      parameters,
    );

  it('is read by its ARN, with a permission for the trails of all accounts', () => {
    const grants = toArray(rule.permissions.inspect).filter(({ actions }) => actions.includes('cloudtrail:GetTrailStatus'));
    expect(grants).toEqual([{ actions: ['cloudtrail:GetTrailStatus'], on: 'arn:{partition}:cloudtrail:*:*:trail/*' }]);
  });

  it('does, where it has no event selectors', async () => {
    expect(planOf(rule, resource, await inspected(false), context)).toEqual([]);
  });

  it('may do, where it has some, so that no second trail is made', async () => {
    expect(await inspected(true)).toEqual({ trails: [{ arn: theirs, everywhere: true, logging: true, complete: null }] });
    const state = await inspected(true);
    expect(planOf(rule, resource, state, context)).toMatchObject({
      unfixable: expect.stringContaining('only account 444455556666 can read'),
      code: 'event-selectors-unreadable',
    });
    expect(planOf(rule, resource, state, { ...context, detectedBy: 'CloudTrail.3' })).toEqual([]);
  });

  it('can be started there alone', async () => {
    const state = await inspected(true, false);
    expect(planOf(rule, resource, state, context)).toMatchObject({
      unfixable: expect.stringContaining('can be started only in its home account and Region'),
      code: 'trail-stopped-elsewhere',
    });
  });
});

it('makes its trail in the region that is named for it alone, and starts one wherever it is', () => {
  const homed = (homeRegion: string) => ({ ...context, parameters: { ...parameters, homeRegion } });
  const state = { trails: [], bucket: 'open' as const };
  expect(planOf(rule, resource, state, homed('us-east-1'))).toEqual({
    unfixable: expect.stringContaining('is created in us-east-1'),
    code: 'not-home-region',
  });
  expect(planOf(rule, resource, state, homed('eu-west-1'))).toHaveLength(2);
  const stopped = { trails: [{ arn, everywhere: true, logging: false, complete: true }] };
  expect(rule.plan(resource, stopped, homed('us-east-1'))).toHaveLength(1);
});

it('starts its own trail first, where several are stopped', () => {
  const own = arn.replace('theirs', Name);
  const trails = [own, arn].map((one) => ({ arn: one, everywhere: true, logging: false, complete: true })).reverse();
  const plan = rule.plan(resource, { trails }, context);
  expect(isChanges(plan) && plan.map((change) => change.do.input)).toEqual([{ Name }]);
});

it('starts none where several of its owner are stopped', () => {
  const trails = [arn, `${arn}2`].map((one) => ({ arn: one, everywhere: true, logging: false, complete: true }));
  expect(rule.plan(resource, { trails }, context)).toEqual({
    unfixable: expect.stringContaining('Several multi-Region trails are stopped'),
    code: 'several-trails-stopped',
  });
});

it('holds the trails in the order of their ARNs, whatever order AWS gives', async () => {
  const trailList = ['c', 'a', 'b'].map((TrailARN) => ({ TrailARN }));
  const aws = answering({ DescribeTrails: { trailList }, GetTrailStatus: {} });
  expect(await rule.inspect(resource, aws)).toMatchObject({ trails: [{ arn: 'a' }, { arn: 'b' }, { arn: 'c' }] });
});

it('lists the account', async () => {
  expect(await rule.list?.(place, answering({}))).toEqual(['111122223333']);
});

const isLogging = async (world: World, trail: string) => (await world.send(new GetTrailStatusCommand({ Name: trail }))).IsLogging;

async function makeBucket(world: World, Bucket: string, ...Statement: readonly JsonObject[]): Promise<void> {
  const CreateBucketConfiguration = { LocationConstraint: world.region as 'eu-west-1' };
  // A law of the suite makes the first start twice, and names of buckets are for all accounts.
  await undefinedOn(
    ['BucketAlreadyExists', 'BucketAlreadyOwnedByYou'],
    world.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration })),
  );
  await world.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }));
}

/** An account that has the bucket of the parameters, and perhaps a trail; its id. */
/** A trail that logs; its name. */
async function makeTrail(world: World, called: string, trail: Partial<CreateTrailCommandInput>): Promise<string> {
  const S3BucketName = `theirs-${world.account}-${random()}`;
  await world.in('us-east-1').send(new CreateBucketCommand({ Bucket: S3BucketName }));
  const { Name: made = called } = await world.send(new CreateTrailCommand({ Name: called, S3BucketName, ...trail }));
  await world.send(new StartLoggingCommand({ Name: made }));
  return made;
}

function accountWith(trail?: Partial<CreateTrailCommandInput>, stopped?: 'stopped') {
  return async (world: World): Promise<string> => {
    await makeBucket(world.in('eu-west-1'), bucket, lookingAtAcl, writing);
    if (trail) {
      const made = await makeTrail(world, 'theirs', trail);
      if (stopped) await world.send(new StopLoggingCommand({ Name: made }));
    }
    return world.account;
  };
}
