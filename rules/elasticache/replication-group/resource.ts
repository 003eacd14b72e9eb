import type { ResourceKind } from '../../rule';
import { readTags } from '../tags/read';
import { replicationGroups } from './describe';

/** A replication group: a primary with its replicas, in one or more shards. */
export const replicationGroup: ResourceKind = {
  type: 'AWS::ElastiCache::ReplicationGroup',
  arn: 'arn:{partition}:elasticache:{region}:{account}:replicationgroup:{id}',
  scope: 'regional',
  target: ({ id }) => ({ ReplicationGroupId: id }),
  tags: readTags,
  permissions: [{ actions: ['elasticache:ListTagsForResource'], on: replicationGroups }],
};
