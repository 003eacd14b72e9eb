import { GetBucketVersioningCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { unless } from '../absence';
import { defineRule, gone, type Resource } from '../rule';
import { listBuckets, listing } from './bucket/list';
import { named } from './bucket/name';
import { bucket } from './bucket/resource';

/** `locked`: MFA delete is on. */
type State = { readonly status: string; readonly locked?: true };

export default defineRule({
  id: 's3-bucket-versioning-enabled',
  title: 'S3 buckets keep earlier versions of their objects',
  why: 'Without versioning, an overwrite or a delete cannot be undone.',
  impact:
    'Earlier versions are kept, and billed, until a lifecycle rule expires them; so are objects that a lifecycle rule of the bucket deletes today.',
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

  async inspect(resource, aws): Promise<State | typeof gone> {
    const answer = await unless(['NoSuchBucket'], aws.send(new GetBucketVersioningCommand(named(resource))));
    if (!answer) return gone;
    return { status: answer.Status ?? 'Never enabled', ...(answer.MFADelete === 'Enabled' && { locked: true }) };
  },

  plan(resource, { status, locked }) {
    if (status === 'Enabled') return [];
    if (locked)
      return {
        unfixable: 'Versioning is suspended with MFA delete on: only the root user can enable it again, with a code of its MFA device.',
      };
    const nearest =
      status === 'Suspended' ? {} : { nearest: 'A bucket that once had versioning can only be suspended, not taken back to never.' };
    return [{ do: versioning(resource, 'Enabled'), undo: versioning(resource, 'Suspended'), ...nearest }];
  },

  list: listBuckets,
});

const versioning = (resource: Resource, Status: 'Enabled' | 'Suspended') =>
  new PutBucketVersioningCommand({ ...named(resource), VersioningConfiguration: { Status } });
