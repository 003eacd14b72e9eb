import {
  type Grant as AclGrant,
  GetBucketAclCommand,
  GetBucketLocationCommand,
  GetBucketLoggingCommand,
  GetBucketPolicyCommand,
} from '@aws-sdk/client-s3';
import { unless } from '../../absence';
import { readPolicy } from '../../policy';
import type { Aws, Resource } from '../../rule';
import { admits } from '../../service-use';
import { named } from '../bucket/name';

/** The bucket that gets the access logs of another: whether it lets S3 write them, and into which bucket it logs itself. */
export type LogBucket = 'absent' | { readonly region: string; readonly admits: boolean; readonly logsInto: string | null };

/** The log bucket as it is for the logs of a bucket. */
export async function readLogBucket(name: string, prefix: string, resource: Resource, aws: Aws): Promise<LogBucket> {
  const own = named({ id: name, account: resource.account });
  // S3 denies access also where the bucket is another account's.
  const location = await unless(['NoSuchBucket', 'AccessDenied'], aws.send(new GetBucketLocationCommand(own)));
  if (!location) return 'absent';
  const { LoggingEnabled } = await aws.send(new GetBucketLoggingCommand(own));
  return {
    region: regionOf(location.LocationConstraint),
    admits: (await admitsByPolicy(name, prefix, resource, aws)) || (await admitsByAcl(name, resource, aws)),
    logsInto: LoggingEnabled?.TargetBucket ?? null,
  };
}

/** The region that a location names; the two oldest have other names. */
function regionOf(location: string | undefined): string {
  if (!location) return 'us-east-1';
  return location === 'EU' ? 'eu-west-1' : location;
}

async function admitsByPolicy(name: string, prefix: string, { partition, account, arn }: Resource, aws: Aws): Promise<boolean> {
  const found = await unless(['NoSuchBucketPolicy'], aws.send(new GetBucketPolicyCommand(named({ id: name, account }))));
  return admits(readPolicy(found?.Policy ?? '')?.statements ?? [], {
    service: 'logging.s3.amazonaws.com',
    action: 's3:PutObject',
    resource: `arn:${partition}:s3:::${name}/${prefix}*`,
    context: { 'aws:sourceaccount': account, 'aws:sourcearn': arn },
  });
}

/** The older way, for buckets where access control lists are still at work. */
async function admitsByAcl(name: string, { account }: Resource, aws: Aws): Promise<boolean> {
  const { Grants = [] } = await aws.send(new GetBucketAclCommand(named({ id: name, account })));
  const held = Grants.filter(isLogDelivery).map(({ Permission }) => Permission);
  return held.includes('FULL_CONTROL') || (held.includes('WRITE') && held.includes('READ_ACP'));
}

const isLogDelivery = ({ Grantee }: AclGrant): boolean => Grantee?.URI === 'http://acs.amazonaws.com/groups/s3/LogDelivery';
