import type { CacheBehavior, DefaultCacheBehavior, DistributionConfig, Origin } from '@aws-sdk/client-cloudfront';
import { matchesWildcard } from '../../wildcard';

/** A cache behavior: the paths that it serves, without the leading slash, and whether S3 origins alone serve them. */
export type Served = { readonly paths: string; readonly byBucket: boolean };

/** Whether an origin is an S3 bucket, and not a server: a website endpoint is a custom origin, like any other server. */
export const isBucketOrigin = ({ CustomOriginConfig, VpcOriginConfig }: Origin): boolean => !(CustomOriginConfig || VpcOriginConfig);

/** The cache behaviors in their order, the default one at the end. */
export function servedBy(configuration: DistributionConfig): readonly Served[] {
  const buckets = (configuration.Origins?.Items ?? []).filter(isBucketOrigin).map(({ Id }) => Id);
  const groups = configuration.OriginGroups?.Items ?? [];
  const byBucket = ({ TargetOriginId }: CacheBehavior | DefaultCacheBehavior): boolean => {
    const members = groups.find(({ Id }) => Id === TargetOriginId)?.Members?.Items ?? [{ OriginId: TargetOriginId }];
    return members.every(({ OriginId }) => OriginId !== undefined && buckets.includes(OriginId));
  };
  const { CacheBehaviors, DefaultCacheBehavior: rest } = configuration;
  return [
    ...(CacheBehaviors?.Items ?? []).map((one) => ({ paths: (one.PathPattern ?? '*').replace(/^\//, ''), byBucket: byBucket(one) })),
    { paths: '*', byBucket: rest !== undefined && byBucket(rest) },
  ];
}

/** Whether S3 origins alone serve a path, given without the leading slash. */
export const isServedByBucket = (behaviors: readonly Served[], path: string): boolean =>
  behaviors.find(({ paths }) => matchesWildcard(path, paths))?.byBucket === true;
