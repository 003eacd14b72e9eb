import {
  DeleteBucketOwnershipControlsCommand,
  DeletePublicAccessBlockCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { undefinedOn } from '../../rules/absence';
import { defineRule, notFound } from '../../rules/rule';
import { bucket } from '../../rules/s3/bucket/resource';

const blocked = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };

/** A rule of three changes, each with an exact way back but for versioning, which is on in all its buckets but for `halves`. */
export default defineRule({
  id: 's3-bucket-well-kept',
  title: 'Buckets are well kept',
  why: 'To see what the engine does with several changes.',
  impact: 'None.',
  severity: 'low',
  risk: 'safe',
  resource: bucket,
  independentUndo: true,
  detectedBy: { securityHub: ['S3.999'], config: ['bucket-well-kept'] },
  permissions: {
    inspect: {
      actions: ['s3:GetBucketVersioning', 's3:GetBucketPublicAccessBlock', 's3:GetBucketOwnershipControls'],
      on: 'arn:{partition}:s3:::*',
    },
    change: {
      actions: ['s3:PutBucketVersioning', 's3:PutBucketPublicAccessBlock', 's3:PutBucketOwnershipControls'],
      on: 'arn:{partition}:s3:::*',
    },
  },
  clients: [S3Client],
  commands: [
    PutPublicAccessBlockCommand,
    DeletePublicAccessBlockCommand,
    PutBucketOwnershipControlsCommand,
    DeleteBucketOwnershipControlsCommand,
    PutBucketVersioningCommand,
  ],

  async inspect({ id: Bucket }, aws) {
    const versioning = await undefinedOn(['NoSuchBucket'], aws.send(new GetBucketVersioningCommand({ Bucket })));
    if (!versioning) return notFound;
    const access = await undefinedOn(['NoSuchPublicAccessBlockConfiguration'], aws.send(new GetPublicAccessBlockCommand({ Bucket })));
    const ownership = await undefinedOn(['OwnershipControlsNotFoundError'], aws.send(new GetBucketOwnershipControlsCommand({ Bucket })));
    return {
      versioned: versioning.Status === 'Enabled',
      blocked: access?.PublicAccessBlockConfiguration !== undefined,
      owned: ownership?.OwnershipControls !== undefined,
    };
  },

  plan({ id: Bucket }, state) {
    return [
      ...(state.blocked
        ? []
        : [
            {
              do: new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: blocked }),
              undo: new DeletePublicAccessBlockCommand({ Bucket }),
            },
          ]),
      ...(state.owned
        ? []
        : [
            {
              do: new PutBucketOwnershipControlsCommand({
                Bucket,
                OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
              }),
              undo: new DeleteBucketOwnershipControlsCommand({ Bucket }),
            },
          ]),
      ...(state.versioned
        ? []
        : [
            {
              do: new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }),
              undo: new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Suspended' } }),
            },
          ]),
    ];
  },
});
