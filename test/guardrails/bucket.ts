import { randomUUID } from 'node:crypto';
import {
  CreateBucketCommand,
  DeleteBucketOwnershipControlsCommand,
  DeletePublicAccessBlockCommand,
  GetBucketVersioningCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { undefinedOn } from '../../rules/absence';
import type { Account } from '../emulator/account';

const clients = new WeakMap<Account, S3Client>();
function s3Of(account: Account): S3Client {
  const client = clients.get(account) ?? account.client(S3Client);
  clients.set(account, client);
  return client;
}

/** A bucket that breaks the planted rule, with these tags. */
export async function badBucket(account: Account, tags: Readonly<Record<string, string>> = {}): Promise<string> {
  const s3 = s3Of(account);
  const Bucket = `kept-${account.account}-${randomUUID().slice(0, 12)}`;
  await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }));
  await undefinedOn(['OwnershipControlsNotFoundError'], s3.send(new DeleteBucketOwnershipControlsCommand({ Bucket })));
  const TagSet = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  if (TagSet.length > 0) await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
  return Bucket;
}

/** Whether the planted rule has fixed it. */
export async function isKept(account: Account, Bucket: string): Promise<boolean> {
  const { Status } = await s3Of(account).send(new GetBucketVersioningCommand({ Bucket }));
  return Status === 'Enabled';
}

/** Somebody changes it back: all of it, or only the block of public access. */
export async function spoil(account: Account, Bucket: string, what: 'all' | 'access' = 'all'): Promise<void> {
  const s3 = s3Of(account);
  await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
  if (what === 'access') return;
  await s3.send(new DeleteBucketOwnershipControlsCommand({ Bucket }));
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Suspended' } }));
}
