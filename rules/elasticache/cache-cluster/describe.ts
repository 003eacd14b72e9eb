import { type CacheCluster, DescribeCacheClustersCommand } from '@aws-sdk/client-elasticache';
import { undefinedOn, withoutEmptyTexts } from '../../absence';
import { collect } from '../../pages';
import type { Aws } from '../../rule';

/** The ARNs of cache clusters, for grants. */
export const cacheClusters = 'arn:{partition}:elasticache:{region}:{account}:cluster:*';

/** A cache cluster; undefined if it does not exist. */
export async function describeCacheCluster(CacheClusterId: string, aws: Aws): Promise<CacheCluster | undefined> {
  const answer = await undefinedOn(['CacheClusterNotFoundFault'], aws.send(new DescribeCacheClustersCommand({ CacheClusterId })));
  const [found] = answer?.CacheClusters ?? [];
  return found && withoutEmptyTexts(found);
}

/** The ARNs of the cache clusters of an account and region, except Memcached, which has none of the settings of the rules. */
export const listCacheClusters = (aws: Aws, which: (cluster: CacheCluster) => boolean = () => true): Promise<string[]> =>
  collect(
    (Marker) => aws.send(new DescribeCacheClustersCommand({ Marker })),
    ({ CacheClusters = [] }) =>
      CacheClusters.map(withoutEmptyTexts)
        .filter((cluster) => !isMemcached(cluster) && which(cluster))
        .flatMap(({ ARN }) => ARN ?? []),
    ({ Marker }) => Marker,
  );

export const isMemcached = ({ Engine }: CacheCluster): boolean => Engine === 'memcached';
