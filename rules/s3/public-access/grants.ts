import { type AccessControlPolicy, type Grant as AclGrant, GetBucketAclCommand, GetBucketWebsiteCommand } from '@aws-sdk/client-s3';
import { GetPublicAccessBlockCommand } from '@aws-sdk/client-s3-control';
import { undefinedOn } from '../../absence';
import type { Aws, Grant, Json, Resource } from '../../rule';
import { named } from '../bucket/name';

/** The access control list of a bucket with public grants. `final`: S3 would reject it if it were put again, as the account blocks such lists. */
export type PublicGrants = { readonly list: { readonly [part: string]: Json }; readonly final?: true };

/** The permissions that `readPublicGrants` and `hasWebsite` need. */
export const publicReading: readonly Grant[] = [
  { actions: ['s3:GetBucketAcl', 's3:GetBucketWebsite'], on: 'arn:{partition}:s3:::*' },
  { actions: ['s3:GetAccountPublicAccessBlock'], on: '*' },
];

/** The access control list of a bucket, if it has public grants. */
export async function readPublicGrants(resource: Resource, aws: Aws): Promise<PublicGrants | undefined> {
  const { Owner, Grants = [] } = await aws.send(new GetBucketAclCommand(named(resource)));
  if (!Grants.some(isPublic)) return undefined;
  const list = JSON.parse(JSON.stringify({ Owner, Grants })) as PublicGrants['list'];
  const account = await undefinedOn(
    ['NoSuchPublicAccessBlockConfiguration'],
    aws.send(new GetPublicAccessBlockCommand({ AccountId: resource.account })),
  );
  return { list, ...(account?.PublicAccessBlockConfiguration?.BlockPublicAcls && { final: true }) };
}

/** The access control list without its public grants. */
export function withoutPublic({ list }: PublicGrants): AccessControlPolicy {
  const { Owner, Grants } = list as AccessControlPolicy;
  return { Owner, Grants: (Grants ?? []).filter((grant) => !isPublic(grant)) };
}

/** Everyone, and everyone with an AWS account. */
const isPublic = ({ Grantee }: AclGrant): boolean => /^https?:\/\/acs\.amazonaws\.com\/groups\/global\//.test(Grantee?.URI ?? '');

/** Whether a bucket is configured as a website. */
export async function hasWebsite(resource: Resource, aws: Aws): Promise<boolean> {
  return (await undefinedOn(['NoSuchWebsiteConfiguration'], aws.send(new GetBucketWebsiteCommand(named(resource))))) !== undefined;
}
