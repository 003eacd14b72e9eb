import type { ResourceKind } from '../../rule';
import { readTags } from '../tags/read';
import { cacheClusters } from './describe';

/** A cache cluster, standalone or a member of a replication group. */
export const cacheCluster: ResourceKind = {
  type: 'AWS::ElastiCache::CacheCluster',
  arn: 'arn:{partition}:elasticache:{region}:{account}:cluster:{id}',
  scope: 'regional',
  target: ({ id }) => ({ CacheClusterId: id }),
  tags: readTags,
  permissions: [{ actions: ['elasticache:ListTagsForResource'], on: cacheClusters }],
};
