import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

/** The bucket of the archive. */
export function archive(parent: Construct): { readonly bucket: Bucket } {
  const scope = new Construct(parent, 'Archive');
  const bucket = new Bucket(scope, 'Bucket', {
    versioned: true,
    objectLockEnabled: true,
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  Validations.of(bucket).acknowledge({ id: 'AwsSolutions-S1', reason: 'Data events of CloudTrail record access.' });
  return { bucket };
}
