import { GetBucketVersioningCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { unless } from '../absence';
import { defineRule, gone } from '../rule';
import { listBuckets, listing } from './bucket/list';
import { bucket } from './bucket/resource';

export default defineRule({
  id: 's3-bucket-versioning-enabled',
  title: 'S3 buckets keep earlier versions of their objects',
  why: 'Without versioning, an overwrite or a delete cannot be undone.',
  impact: 'Earlier versions are kept, and billed, until a lifecycle rule expires them.',
  severity: 'low',
  risk: 'safe',
  reversible: 'nearly',
  resource: bucket,
  property: 'VersioningConfiguration.Status',
  detectedBy: { securityHub: ['S3.14'], config: ['s3-bucket-versioning-enabled'] },
  permissions: {
    inspect: [{ actions: ['s3:GetBucketVersioning'], on: 'arn:{partition}:s3:::*' }, listing],
    change: { actions: ['s3:PutBucketVersioning'], on: 'arn:{partition}:s3:::*' },
  },
  clients: [S3Client],
  commands: [PutBucketVersioningCommand],

  async inspect({ id }, aws) {
    const answer = await unless(['NoSuchBucket'], aws.send(new GetBucketVersioningCommand({ Bucket: id })));
    return answer ? { status: answer.Status ?? 'Never enabled' } : gone;
  },

  plan({ id }, { status }) {
    if (status === 'Enabled') return [];
    const nearest =
      status === 'Suspended' ? {} : { nearest: 'A bucket that once had versioning can only be suspended, not taken back to never.' };
    return [{ do: versioning(id, 'Enabled'), undo: versioning(id, 'Suspended'), ...nearest }];
  },

  list: listBuckets,
});

const versioning = (Bucket: string, Status: 'Enabled' | 'Suspended') =>
  new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } });
