import {
  GetBucketPolicyCommand,
  GetPublicAccessBlockCommand,
  type PublicAccessBlockConfiguration,
  PutBucketPolicyCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import rule from '../../../rules/s3/bucket-public-access-blocked';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import { newBucket } from './new-bucket';

const all = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };
const none = { BlockPublicAcls: false, IgnorePublicAcls: false, BlockPublicPolicy: false, RestrictPublicBuckets: false };

const trailPolicy = (id: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { Service: 'cloudtrail.amazonaws.com' },
      Action: 's3:PutObject',
      Resource: `arn:aws:s3:::${id}/AWSLogs/*`,
    },
  });

describeRule(rule, {
  violations: {
    'a bucket without any such configuration': {
      seed: newBucket,
      fixed: async (world, id) => expect(await settingsOf(world, id)).toEqual(all),
      rolledBack: async (world, id) =>
        expect(settingsOf(world, id)).rejects.toMatchObject({ name: 'NoSuchPublicAccessBlockConfiguration' }),
    },
    'a bucket that blocks public access control lists, but no public policy': {
      detectedBy: 'S3.2',
      seed: bucketWith({ ...none, BlockPublicAcls: true, IgnorePublicAcls: true }),
      fixed: async (world, id) => expect(await settingsOf(world, id)).toEqual(all),
      rolledBack: async (world, id) =>
        expect(await settingsOf(world, id)).toEqual({ ...none, BlockPublicAcls: true, IgnorePublicAcls: true }),
    },
    'a bucket of a trail, that its policy lets CloudTrail write to': {
      detectedBy: 'CloudTrail.6',
      seed: async (world) => {
        const id = await bucketWith({ ...all, BlockPublicPolicy: false })(world);
        await world.send(new PutBucketPolicyCommand({ Bucket: id, Policy: trailPolicy(id) }));
        return id;
      },
      fixed: async (world, id) => expect((await world.send(new GetBucketPolicyCommand({ Bucket: id }))).Policy).toBe(trailPolicy(id)),
    },
    'a bucket that blocks all but one thing': {
      detectedBy: 's3-bucket-public-write-prohibited',
      seed: bucketWith({ ...all, RestrictPublicBuckets: false }),
    },
    'a bucket with all of it turned off': {
      seed: bucketWith(none),
      rolledBack: async (world, id) => expect(await settingsOf(world, id)).toEqual(none),
    },
    'a bucket that somebody opens again after the fix': {
      seed: newBucket,
      meanwhile: async (world, id) => void (await put(world, id, { ...all, BlockPublicPolicy: false })),
      rollback: 'rollback-refused',
    },
  },
  compliant: { 'a bucket that blocks all of it': { seed: bucketWith(all) } },
  missing: 'no-such-bucket-anywhere',
});

it('reads settings that AWS leaves out as off', async () => {
  const answer = { PublicAccessBlockConfiguration: { BlockPublicAcls: true } };
  expect(await rule.inspect(bucket, { send: async () => answer as never })).toEqual({ block: { ...none, BlockPublicAcls: true } });
});

it('asks for a bucket of the account of the finding alone', async () => {
  const sent: object[] = [];
  const aws = {
    async send(command: { input: object }) {
      sent.push(command.input);
      return {} as never;
    },
  };
  const state = await rule.inspect(bucket, aws);
  const plan = rule.plan(bucket, state as { block: null }, {} as never) as readonly { do: { input: object }; undo: { input: object } }[];
  sent.push(...plan.flatMap((change) => [change.do.input, change.undo.input]));
  expect(sent).toHaveLength(3);
  for (const input of sent) expect(input).toMatchObject({ Bucket: 'b', ExpectedBucketOwner: '111122223333' });
});

const bucket = {
  type: 'AWS::S3::Bucket',
  id: 'b',
  arn: 'arn:aws:s3:::b',
  partition: 'aws',
  account: '111122223333',
  region: 'eu-west-1',
};

const put = (world: World, Bucket: string, settings: PublicAccessBlockConfiguration) =>
  world.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: settings }));

const settingsOf = async (world: World, Bucket: string): Promise<PublicAccessBlockConfiguration | undefined> =>
  (await world.send(new GetPublicAccessBlockCommand({ Bucket }))).PublicAccessBlockConfiguration;

function bucketWith(settings: PublicAccessBlockConfiguration) {
  return async (world: World): Promise<string> => {
    const id = await newBucket(world);
    await put(world, id, settings);
    return id;
  };
}
