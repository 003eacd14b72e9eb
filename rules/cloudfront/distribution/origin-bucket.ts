import type { DistributionConfig } from '@aws-sdk/client-cloudfront';
import { HeadBucketCommand } from '@aws-sdk/client-s3';
import type { Aws, Grant } from '../../rule';
import { isBucketOrigin } from './root-origin';

/** The names of the S3 origins, sorted. */
export function originBuckets({ Origins }: DistributionConfig): readonly string[] {
  const names = (Origins?.Items ?? []).filter(isBucketOrigin).flatMap(({ DomainName = '' }) => bucketDomain.exec(DomainName)?.[1] ?? []);
  return [...new Set(names)].sort();
}

// With or without the region, after a dot or (formerly) a hyphen.
const bucketDomain = /^(.+)\.s3(?:[.-](?!website[.-])(?:dualstack\.)?[a-z0-9-]+)?\.amazonaws\.com(?:\.cn)?$/;

/** Whether a bucket with this name can be created: not if it is an alias of an access point, or an outdated name. */
export const canBeMade = (name: string): boolean =>
  /^(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9](?!.*\.\.)[a-z0-9.-]{1,61}[a-z0-9](?<!-s3alias|--ol-s3|--x-s3|--table-s3|-an|\.mrap)$/.test(name);

/** The permissions that `isThere` needs. */
export const bucketLooking: Grant = { actions: ['s3:ListBucket'], on: 'arn:{partition}:s3:::*' };

/** Whether a bucket with this name exists in any account: S3 responds with 403 for a bucket of another account, and with 301 for another region. */
export async function isThere(Bucket: string, aws: Aws): Promise<boolean> {
  try {
    await aws.send(new HeadBucketCommand({ Bucket }));
    return true;
  } catch (error) {
    const { $metadata } = error as { readonly $metadata?: { readonly httpStatusCode?: number } };
    if ($metadata?.httpStatusCode === 404) return false;
    if ($metadata?.httpStatusCode === 403 || $metadata?.httpStatusCode === 301) return true;
    throw error;
  }
}
