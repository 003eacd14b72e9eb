import { GetBucketVersioningCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import type { Aws, AwsCommand, Change } from '../../../rules/rule';
import { bucket } from '../../../rules/s3/bucket/resource';
import rule from '../../../rules/s3/bucket-versioning-enabled';
import { describeRule } from '../../contract/describe-rule';
import { planOf } from '../../contract/plan-of';
import type { World } from '../../contract/scenario';
import { newBucket } from './new-bucket';

describeRule(rule, {
  violations: {
    'a bucket that never had versioning': {
      seed: newBucket,
      async rolledBack(world, id) {
        expect(await statusOf(world, id)).toBe('Suspended');
      },
    },
    'a bucket with versioning suspended': { seed: (world) => bucketWith(world, 'Suspended') },
  },
  compliant: { 'a bucket with versioning': { seed: (world) => bucketWith(world, 'Enabled') } },
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
const context = { parameters: {}, detectedBy: 'S3.14', now: new Date(0) };
const answering = (answer: object, sent: object[] = []): Aws => ({
  async send<Output>(command: AwsCommand<Output>) {
    sent.push(command.input);
    return answer as Output;
  },
});

it('asks for buckets of the account of the finding alone, for their tags too', async () => {
  const sent: object[] = [];
  const state = await rule.inspect(resource, answering({}, sent));
  await bucket.tags?.(resource, answering({}, sent));
  const plan = planOf(rule, resource, state, context) as readonly (Change & { undo: { input: object } })[];
  sent.push(...plan.flatMap((change) => [change.do.input, change.undo.input]));
  expect(sent).toHaveLength(4);
  for (const input of sent) expect(input).toMatchObject({ Bucket: 'b', ExpectedBucketOwner: '111122223333' });
});

it('leaves a bucket alone whose versioning only the root user can change, and is content where it is on', async () => {
  const locked = { MFADelete: 'Enabled', Status: 'Suspended' };
  const state = await rule.inspect(resource, answering(locked));
  expect(planOf(rule, resource, state, context)).toMatchObject({ unfixable: expect.stringContaining('MFA delete') });
  const on = await rule.inspect(resource, answering({ ...locked, Status: 'Enabled' }));
  expect(planOf(rule, resource, on, context)).toEqual([]);
  const unlocked = await rule.inspect(resource, answering({ MFADelete: 'Disabled', Status: 'Suspended' }));
  expect(planOf(rule, resource, unlocked, context)).toHaveLength(1);
});

async function bucketWith(world: World, Status: 'Enabled' | 'Suspended'): Promise<string> {
  const Bucket = await newBucket(world);
  await world.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
  return Bucket;
}

async function statusOf(world: World, Bucket: string): Promise<string | undefined> {
  return (await world.send(new GetBucketVersioningCommand({ Bucket }))).Status;
}
