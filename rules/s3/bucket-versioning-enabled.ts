import { GetBucketVersioningCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { undefinedOn } from '../absence';
import { defineRule, notFound, type Resource } from '../rule';
import { listBuckets, listing } from './bucket/list';
import { named } from './bucket/name';
import { bucket } from './bucket/resource';

/** `locked`: MFA delete is on. */
type State = { readonly status: string; readonly locked?: true };

export default defineRule({
  id: 's3-bucket-versioning-enabled',
  title: 'S3 buckets have versioning enabled',
  why: 'Without versioning, overwritten or deleted objects cannot be recovered.',
  impact:
    'Noncurrent versions are kept and charged until a lifecycle rule expires them, including objects that a lifecycle rule of the bucket deletes today.',
  severity: 'low',
  risk: 'safe',
  reversible: 'nearly',
  resource: bucket,
  independentUndo: true,
  property: 'VersioningConfiguration.Status',
  detectedBy: { securityHub: ['S3.14'], config: ['s3-bucket-versioning-enabled'] },
  detectorParameters: {
    's3-bucket-versioning-enabled': {
      isMfaDeleteEnabled: { unmappable: 'Only the root user can enable MFA delete.', except: ['false'] },
    },
  },
  permissions: {
    inspect: [{ actions: ['s3:GetBucketVersioning'], on: 'arn:{partition}:s3:::*' }, listing],
    change: { actions: ['s3:PutBucketVersioning'], on: 'arn:{partition}:s3:::*' },
  },
  clients: [S3Client],
  commands: [PutBucketVersioningCommand],

  async inspect(resource, aws): Promise<State | typeof notFound> {
    const answer = await undefinedOn(['NoSuchBucket'], aws.send(new GetBucketVersioningCommand(named(resource))));
    if (!answer) return notFound;
    return { status: answer.Status ?? 'Never enabled', ...(answer.MFADelete === 'Enabled' && { locked: true }) };
  },

  plan(resource, { status, locked }) {
    if (status === 'Enabled') return [];
    if (locked)
      return {
        unfixable:
          'Versioning is suspended and MFA delete is enabled: only the root user can enable versioning, with a code of its MFA device.',
        code: 'mfa-delete-enabled',
      };
    const nearest =
      status === 'Suspended' ? {} : { nearest: 'Versioning can be suspended, but a bucket never returns to the unversioned state.' };
    return [{ do: versioning(resource, 'Enabled'), undo: versioning(resource, 'Suspended'), ...nearest }];
  },

  list: listBuckets,
});

const versioning = (resource: Resource, Status: 'Enabled' | 'Suspended') =>
  new PutBucketVersioningCommand({ ...named(resource), VersioningConfiguration: { Status } });
