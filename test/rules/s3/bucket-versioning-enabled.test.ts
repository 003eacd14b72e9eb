import { GetBucketVersioningCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import rule from '../../../rules/s3/bucket-versioning-enabled';
import { describeRule } from '../../contract/describe-rule';
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

async function bucketWith(world: World, Status: 'Enabled' | 'Suspended'): Promise<string> {
  const Bucket = await newBucket(world);
  await world.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
  return Bucket;
}

async function statusOf(world: World, Bucket: string): Promise<string | undefined> {
  return (await world.send(new GetBucketVersioningCommand({ Bucket }))).Status;
}
