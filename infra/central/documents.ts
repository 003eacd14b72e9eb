import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Rule } from '../../rules/rule';

/**
 * The bucket for documents of changes, such as lists of packages: AWS reads each by a presigned URL within an hour. Undefined if no rule has any. The log
 * keeps them, so that here they expire.
 */
export function documentBucket(scope: Construct, rules: readonly Pick<Rule, 'documents'>[]): Bucket | undefined {
  if (!rules.some(({ documents }) => documents)) return undefined;
  const bucket = new Bucket(scope, 'Documents', {
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    lifecycleRules: [{ expiration: Duration.days(1), abortIncompleteMultipartUploadAfter: Duration.days(1) }],
    // CloudFormation refuses to delete it while a document is in it, for a day or two.
    removalPolicy: RemovalPolicy.DESTROY,
  });
  Validations.of(bucket).acknowledge({
    id: 'AwsSolutions-S1',
    reason: 'It holds names of packages for a day. The log has each document, and CloudTrail the command that names it.',
  });
  return bucket;
}
