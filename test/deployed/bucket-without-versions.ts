import { CreateBucketCommand, GetBucketVersioningCommand } from '@aws-sdk/client-s3';
import type { World } from '../contract/scenario';
import type { ReportedResource } from '../events/resources';
import type { Reported } from './findings';

/** Makes a bucket that violates S3.14; its versioning tells whether it was changed. */
export async function bucketWithoutVersions(
  world: World,
  name: string,
): Promise<Reported & { readonly versioning: () => Promise<string | undefined> }> {
  await world.send(new CreateBucketCommand({ Bucket: name }));
  const reported: ReportedResource = { type: 'AWS::S3::Bucket', arn: `arn:${world.partition}:s3:::${name}`, configId: name };
  return {
    control: 'S3.14',
    reported,
    versioning: async () => (await world.send(new GetBucketVersioningCommand({ Bucket: name }))).Status,
  };
}
