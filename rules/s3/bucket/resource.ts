import { GetBucketTaggingCommand } from '@aws-sdk/client-s3';
import { undefinedOn } from '../../absence';
import type { ResourceKind } from '../../rule';
import { named } from './name';

/** A general purpose bucket. */
export const bucket: ResourceKind = {
  type: 'AWS::S3::Bucket',
  arn: 'arn:{partition}:s3:::{id}',
  ownNames: [{ pattern: 'posture-*', what: 'a bucket of this product', contained: 'asks' }],
  scope: 'global',
  changedBy: {
    service: 's3',
    calls: {
      'requestParameters.bucketName': [
        'CreateBucket',
        'PutBucketPolicy',
        'DeleteBucketPolicy',
        'PutBucketAcl',
        'PutBucketPublicAccessBlock',
        'DeleteBucketPublicAccessBlock',
        'PutBucketVersioning',
        'PutBucketEncryption',
        'DeleteBucketEncryption',
        'PutBucketLogging',
        'PutBucketLifecycle',
        'PutBucketOwnershipControls',
        'DeleteBucketOwnershipControls',
      ],
    },
    operations: {
      PutBucketPublicAccessBlock: 'PutPublicAccessBlock',
      DeleteBucketPublicAccessBlock: 'DeletePublicAccessBlock',
      PutBucketLifecycle: 'PutBucketLifecycleConfiguration',
    },
  },
  recordedBy: 'id',
  target: ({ id }) => ({ Bucket: id }),
  permissions: [{ actions: ['s3:GetBucketTagging'], on: 'arn:{partition}:s3:::*' }],

  async tags(resource, aws) {
    const tagging = await undefinedOn(['NoSuchTagSet'], aws.send(new GetBucketTaggingCommand(named(resource))));
    return Object.fromEntries((tagging?.TagSet ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
  },
};
