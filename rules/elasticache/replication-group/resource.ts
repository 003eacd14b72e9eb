import type { ResourceKind } from '../../rule';
import { readTags } from '../tags/read';
import { replicationGroups } from './describe';

/** A replication group: a primary cache cluster with its replicas, or several of them as shards. */
export const replicationGroup: ResourceKind = {
  type: 'AWS::ElastiCache::ReplicationGroup',
  arn: 'arn:{partition}:elasticache:{region}:{account}:replicationgroup:{id}',
  scope: 'regional',
  tags: readTags,
  permissions: [{ actions: ['elasticache:ListTagsForResource'], on: replicationGroups }],
};
