import { CreateBucketCommand, GetBucketVersioningCommand } from '@aws-sdk/client-s3';
import type { Result } from '../../functions/remediate/context';
import type { World } from '../contract/scenario';
import type { LambdaFunction } from '../emulator/lambda';
import { securityHubImported } from '../events/security-hub';
import { onlyResult, resultOf } from './desk';

/** The rule that the scenes with people are about. */
export const ruleId = 's3-bucket-versioning-enabled';

/** Makes a bucket without versions, and has Security Hub report it. */
export async function reportUnversioned(Bucket: string, remediator: LambdaFunction, world: World): Promise<Result> {
  const { account, region } = world;
  await world.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: region as never } }));
  const resource = { type: 'AWS::S3::Bucket', arn: `arn:aws:s3:::${Bucket}` };
  const finding = { control: 'S3.14', resource, account, region, firstObservedAt: new Date().toISOString() };
  return onlyResult(await resultOf(remediator, securityHubImported(finding, { account, region })));
}

export const isVersioned = async (Bucket: string, world: World): Promise<boolean> =>
  (await world.send(new GetBucketVersioningCommand({ Bucket }))).Status === 'Enabled';
