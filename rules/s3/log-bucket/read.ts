import {
  type Grant as AclGrant,
  GetBucketAclCommand,
  GetBucketEncryptionCommand,
  GetBucketLocationCommand,
  GetBucketLoggingCommand,
  GetBucketPolicyCommand,
  GetBucketRequestPaymentCommand,
  GetObjectLockConfigurationCommand,
} from '@aws-sdk/client-s3';
import { undefinedOn } from '../../absence';
import { readPolicy } from '../../policy';
import type { Aws, Grant, Resource } from '../../rule';
import { admits } from '../../service-use';
import { named } from '../bucket/name';

/** A setting with which S3 delivers no logs to a bucket, regardless of its policy. */
export type Hindrance = 'default encryption with a KMS key' | 'Object Lock' | 'Requester Pays';

/**
 * The destination bucket of access logs: whether its policy allows S3 to write them, the settings that prevent delivery anyway, and the
 * bucket that it logs to itself. For a bucket in another region, only that region is known.
 */
export type LogBucket =
  | 'absent'
  | { readonly elsewhere: string }
  | { readonly admits: boolean; readonly hindrances: readonly Hindrance[]; readonly logsInto: string | null };

/** The permissions that `readLogBucket` needs. */
export const logBucketReading: Grant = {
  actions: [
    's3:GetBucketLocation',
    's3:GetBucketLogging',
    's3:GetBucketPolicy',
    's3:GetBucketAcl',
    's3:GetEncryptionConfiguration',
    's3:GetBucketObjectLockConfiguration',
    's3:GetBucketRequestPayment',
  ],
  on: 'arn:{partition}:s3:::*',
};

/** The log bucket, as seen for the logs of a given bucket. */
export async function readLogBucket(name: string, prefix: string, resource: Resource, aws: Aws): Promise<LogBucket> {
  const own = named({ id: name, account: resource.account });
  // S3 also denies access to a bucket of another account.
  const location = await undefinedOn(['NoSuchBucket', 'AccessDenied'], aws.send(new GetBucketLocationCommand(own)));
  if (!location) return 'absent';
  const region = regionOf(location.LocationConstraint);
  // From another region, S3 only answers with a redirect.
  if (region !== resource.region) return { elsewhere: region };
  const { LoggingEnabled } = await aws.send(new GetBucketLoggingCommand(own));
  return {
    admits: (await admitsByPolicy(name, prefix, resource, aws)) || (await admitsByAcl(name, resource, aws)),
    hindrances: await readHindrances(own, aws),
    logsInto: LoggingEnabled?.TargetBucket ?? null,
  };
}

/** The region of a location constraint; the two oldest regions have other names there. */
function regionOf(location: string | undefined): string {
  if (!location) return 'us-east-1';
  return location === 'EU' ? 'eu-west-1' : location;
}

async function readHindrances(own: ReturnType<typeof named>, aws: Aws): Promise<readonly Hindrance[]> {
  const found: Hindrance[] = [];
  const encryption = await undefinedOn(['ServerSideEncryptionConfigurationNotFoundError'], aws.send(new GetBucketEncryptionCommand(own)));
  const rules = encryption?.ServerSideEncryptionConfiguration?.Rules ?? [];
  if (rules.some(({ ApplyServerSideEncryptionByDefault: byDefault }) => /kms/.test(byDefault?.SSEAlgorithm ?? '')))
    found.push('default encryption with a KMS key');
  const lock = await undefinedOn(['ObjectLockConfigurationNotFoundError'], aws.send(new GetObjectLockConfigurationCommand(own)));
  if (lock?.ObjectLockConfiguration?.ObjectLockEnabled === 'Enabled') found.push('Object Lock');
  if ((await aws.send(new GetBucketRequestPaymentCommand(own))).Payer === 'Requester') found.push('Requester Pays');
  return found;
}

async function admitsByPolicy(name: string, prefix: string, { partition, account, arn }: Resource, aws: Aws): Promise<boolean> {
  const found = await undefinedOn(['NoSuchBucketPolicy'], aws.send(new GetBucketPolicyCommand(named({ id: name, account }))));
  return admits(readPolicy(found?.Policy ?? '')?.statements ?? [], {
    service: 'logging.s3.amazonaws.com',
    action: 's3:PutObject',
    resource: `arn:${partition}:s3:::${name}/${prefix}*`,
    context: { 'aws:sourceaccount': account, 'aws:sourcearn': arn },
  });
}

/** Delivery by access control list, for buckets that still have them enabled. */
async function admitsByAcl(name: string, { account }: Resource, aws: Aws): Promise<boolean> {
  const { Grants = [] } = await aws.send(new GetBucketAclCommand(named({ id: name, account })));
  const held = Grants.filter(isLogDelivery).map(({ Permission }) => Permission);
  return held.includes('FULL_CONTROL') || (held.includes('WRITE') && held.includes('READ_ACP'));
}

const isLogDelivery = ({ Grantee }: AclGrant): boolean => Grantee?.URI === 'http://acs.amazonaws.com/groups/s3/LogDelivery';
