import { GetBucketLifecycleConfigurationCommand, type LifecycleRule, PutBucketLifecycleConfigurationCommand } from '@aws-sdk/client-s3';
import { isChanges, loggedChange } from '../../../functions/plan/change';
import type { JsonObject } from '../../../rules/json';
import { notFound } from '../../../rules/rule';
import rule from '../../../rules/s3/bucket-lifecycle-configured';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import { newBucket } from './new-bucket';

const expiring: LifecycleRule = { ID: 'theirs', Status: 'Enabled', Filter: { Prefix: 'tmp/' }, Expiration: { Days: 30 } };
const disabled: LifecycleRule = {
  ...expiring,
  Status: 'Disabled',
  Transitions: [{ Days: 10, StorageClass: 'GLACIER' }],
  NoncurrentVersionExpiration: { NoncurrentDays: 5 },
};
const older: LifecycleRule = { ID: 'older', Status: 'Disabled', Prefix: 'tmp/', Expiration: { Days: 30 } };
const ours: LifecycleRule = {
  ID: 'posture-abort-incomplete-uploads',
  Status: 'Enabled',
  Filter: { Prefix: '' },
  AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
};

describeRule(rule, {
  violations: {
    'a bucket without a lifecycle': {
      seed: newBucket,
      fixed: async (world, id) => expect(await rulesOf(world, id)).toEqual([ours]),
      rolledBack: async (world, id) => expect(await rulesOf(world, id)).toBeUndefined(),
    },
    'a bucket whose rules are disabled': {
      seed: bucketWith(disabled),
      fixed: async (world, id) => expect(await rulesOf(world, id)).toEqual([disabled, ours]),
      rolledBack: async (world, id) => expect(await rulesOf(world, id)).toEqual([disabled]),
    },
    'a bucket whose only rule is of the older sort, and another number of days': {
      seed: bucketWith(older),
      parameters: { abortUploadsAfterDays: 3 },
      fixed: async (world, id) => {
        const { Filter, ...rest } = ours;
        const abort = { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 3 } };
        expect(await rulesOf(world, id)).toEqual([older, { ...rest, ...abort, Prefix: '' }]);
      },
    },
    'a bucket with our name for something else': {
      seed: bucketWith({ ...disabled, ID: ours.ID }),
      fixed: async (world, id) => expect((await rulesOf(world, id))?.[1]?.ID).toBe(`${ours.ID}-2`),
    },
    'a bucket that gets another rule before the rollback': {
      seed: newBucket,
      meanwhile: (world, id) => put(world, id, ours, expiring),
      rolledBack: async (world, id) => expect(await rulesOf(world, id)).toEqual([expiring]),
    },
    'a bucket that loses our rule before the rollback': {
      seed: newBucket,
      meanwhile: (world, id) => put(world, id, expiring),
      rolledBack: async (world, id) => expect(await rulesOf(world, id)).toEqual([expiring]),
    },
    'a bucket where others have changed our rule': {
      seed: newBucket,
      meanwhile: (world, id) => put(world, id, { ...ours, Expiration: { Days: 5 } }),
      rollback: 'rollback-refused',
    },
  },
  compliant: {
    'a bucket with a rule for some objects': { seed: bucketWith(expiring) },
    'a bucket with a rule at work beside one that is disabled': { seed: bucketWith(disabled, { ...expiring, ID: 'more' }) },
  },
  missing: 'no-such-bucket-anywhere',
});

const resource = {
  type: 'AWS::S3::Bucket',
  id: 'b',
  arn: 'arn:aws:s3:::b',
  partition: 'aws',
  account: '111122223333',
  region: 'eu-west-1',
};
const context = { parameters: { abortUploadsAfterDays: 7 }, detectedBy: 'S3.13', now: new Date(0) };
const named = { Bucket: 'b', ExpectedBucketOwner: '111122223333' };

it('keeps the smallest size at which objects change their storage class, and names the owner of the bucket', async () => {
  const sent: object[] = [];
  const answer = { Rules: [disabled], TransitionDefaultMinimumObjectSize: 'varies_by_storage_class' };
  const state = await rule.inspect(resource, {
    async send(command) {
      sent.push(command.input);
      return answer as never;
    },
  });
  expect(sent).toEqual([named]);
  const plan = state === notFound ? [] : rule.plan(resource, state, context);
  expect(isChanges(plan) && plan.map(loggedChange)).toMatchObject([
    {
      do: { input: { ...named, TransitionDefaultMinimumObjectSize: 'varies_by_storage_class' } },
      undo: { input: { ...named, TransitionDefaultMinimumObjectSize: 'varies_by_storage_class' } },
    },
  ]);
});

it('adds none to a thousand rules', () => {
  const rules: readonly JsonObject[] = Array.from({ length: 1000 }, (_, index) => ({ ID: `${index}`, Status: 'Disabled' }));
  expect(rule.plan(resource, { rules }, context)).toEqual({
    unfixable: expect.stringContaining('1000 lifecycle rules'),
    code: 'rule-limit-reached',
  });
  expect(rule.plan(resource, { rules: rules.slice(1) }, context)).toHaveLength(1);
});

it.each([
  ['an expiration', { Expiration: { Date: new Date('2030-01-01T00:00:00Z') } }],
  ['a transition', { Transitions: [{ Days: 1 }, { Date: new Date('2030-01-01T00:00:00Z') }] }],
])('leaves alone disabled rules where one has %s of a date', async (_what, over) => {
  const answer = { Rules: [disabled, { ...disabled, Transitions: [], ...over }] };
  const state = await rule.inspect(resource, { send: async () => answer as never });
  if (state === notFound) throw new Error('It is gone.');
  expect(JSON.stringify(state)).toContain('"Date":"2030-01-01T00:00:00.000Z"');
  expect(rule.plan(resource, state, context)).toEqual({ unfixable: expect.stringContaining('one has a date'), code: 'rule-with-date' });
});

it('does not take back its rule where that would have to write a date', () => {
  const before = { rules: [] };
  const after = { rules: [ours as unknown as JsonObject] };
  const now = { rules: [...after.rules, { ID: 'theirs', Status: 'Enabled', Expiration: { Date: '2030-01-01T00:00:00.000Z' } }] };
  expect(rule.revertOwnPart?.(resource, now, { before, after, parameters: context.parameters })).toBeUndefined();
});

async function put(world: World, Bucket: string, ...Rules: LifecycleRule[]): Promise<void> {
  await world.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
}

const rulesOf = (world: World, Bucket: string): Promise<readonly LifecycleRule[] | undefined> =>
  world.send(new GetBucketLifecycleConfigurationCommand({ Bucket })).then(
    ({ Rules }) => Rules,
    (error: Error) => {
      if (error.name === 'NoSuchLifecycleConfiguration') return undefined;
      throw error;
    },
  );

function bucketWith(...rules: LifecycleRule[]) {
  return async (world: World): Promise<string> => {
    const id = await newBucket(world);
    await put(world, id, ...rules);
    return id;
  };
}
