import {
  type CacheCluster,
  ElastiCacheClient,
  ModifyCacheClusterCommand,
  ModifyReplicationGroupCommand,
  type ReplicationGroup,
} from '@aws-sdk/client-elasticache';
import * as z from 'zod';
import { type AwsCommand, defineRule, notFound, type Resource } from '../rule';
import { cacheClusters, describeCacheCluster, isMemcached, listCacheClusters } from './cache-cluster/describe';
import { cacheCluster } from './cache-cluster/resource';
import { describeReplicationGroup, listReplicationGroups, replicationGroups } from './replication-group/describe';
import { replicationGroup } from './replication-group/resource';
import { hindrance, obstacleBy } from './status/obstacle';

const configRule = 'elasticache-redis-cluster-automatic-backup-check';

const parameters = z.strictObject({
  retentionDays: z
    .int()
    .min(1)
    .max(35)
    .optional()
    .describe(
      'How many days backups are kept at least; what keeps them longer is left as it is. If left out: 1, as Security Hub asks for, or 15 where the AWS Config rule finds it, whose default that is.',
    ),
});

type State = {
  /** How long backups are kept; 0 where there are none. */
  readonly days: number;
  /** The replication group that the backups are set for; absent for a cluster on its own. */
  readonly group?: string;
  /** The member that a group without shards is backed up from, once it is. */
  readonly source?: string;
  readonly status?: string;
  /** Why there are no backups of it. */
  readonly none?: string;
};

export default defineRule({
  id: 'elasticache-backups-automatic',
  title: 'ElastiCache backs up Redis and Valkey every day',
  why: 'When nodes fail, or somebody flushes the cache, a backup is the only way back to what was in it.',
  impact:
    'Each day a backup is made, for which a node needs memory to spare: while it runs, one that is nearly full gets slower. Without shards the backup is made from a replica, where there is one. Backups beyond one for each cluster are billed. A rollback that turns them off deletes the automatic ones.',
  severity: 'high',
  risk: 'safe',
  resource: [cacheCluster, replicationGroup],
  property: 'SnapshotRetentionLimit',
  detectedBy: { securityHub: ['ElastiCache.1'], config: [configRule] },
  permissions: {
    inspect: [
      { actions: ['elasticache:DescribeCacheClusters'], on: cacheClusters },
      { actions: ['elasticache:DescribeReplicationGroups'], on: replicationGroups },
    ],
    change: [
      { actions: ['elasticache:ModifyCacheCluster'], on: cacheClusters },
      { actions: ['elasticache:ModifyReplicationGroup'], on: replicationGroups },
    ],
  },
  clients: [ElastiCacheClient],
  commands: [ModifyCacheClusterCommand, ModifyReplicationGroupCommand],
  parameters,
  settle: 900,

  async inspect({ id, type }, aws): Promise<State | typeof notFound> {
    const cluster = type === cacheCluster.type ? await describeCacheCluster(id, aws) : undefined;
    if (type === cacheCluster.type && !cluster) return notFound;
    if (cluster && cluster.ReplicationGroupId === undefined) return stateOfCluster(cluster);
    const group = await describeReplicationGroup(cluster?.ReplicationGroupId ?? id, aws);
    return group ? stateOfGroup(group) : notFound;
  },

  plan(resource, state, { parameters: { retentionDays }, detectedBy }) {
    const { days, group, source, status, none } = state;
    const wished = retentionDays ?? (detectedBy === configRule ? 15 : 1);
    if (days >= wished) return [];
    if (none !== undefined) return { unfixable: none };
    if (status !== undefined) return obstacleBy(group === undefined ? 'cluster' : 'replication group', status);
    return [{ do: retention(resource, group, wished, source), undo: retention(resource, group, days) }];
  },

  // Its status, and which member is the primary, may have changed by themselves.
  revertOwnPart(resource, now, { before, after }) {
    if (now.days === before.days) return [];
    return now.days === after.days ? [retention(resource, now.group, before.days)] : undefined;
  },

  // Members are seen to with their group.
  async list(_, aws) {
    const alone = await listCacheClusters(aws, ({ ReplicationGroupId }) => ReplicationGroupId === undefined);
    return [...alone, ...(await listReplicationGroups(aws))];
  },
});

const stateOfCluster = (cluster: CacheCluster): State => ({
  days: cluster.SnapshotRetentionLimit ?? 0,
  ...hindrance(cluster.CacheClusterStatus),
  ...reasonWhyNot(cluster),
});

const stateOfGroup = (group: ReplicationGroup): State => {
  const days = group.SnapshotRetentionLimit ?? 0;
  const source = days === 0 && !group.ClusterEnabled ? sourceOf(group) : undefined;
  return {
    days,
    group: group.ReplicationGroupId ?? '',
    ...(source && { source }),
    ...hindrance(group.Status),
    ...reasonWhyNot(group),
  };
};

/** A member to make backups from: a replica, so that the primary has no more to do. */
function sourceOf({ SnapshottingClusterId, NodeGroups = [] }: ReplicationGroup): string | undefined {
  const members = NodeGroups[0]?.NodeGroupMembers ?? [];
  const chosen = members.find(({ CurrentRole }) => CurrentRole === 'replica') ?? members[0];
  return SnapshottingClusterId || chosen?.CacheClusterId;
}

function reasonWhyNot({ Engine, CacheNodeType = '' }: CacheCluster | ReplicationGroup): { readonly none?: string } {
  if (isMemcached({ Engine })) return { none: 'Memcached has no backups.' };
  if (CacheNodeType.startsWith('cache.t1.')) return { none: `Nodes of type ${CacheNodeType} can't be backed up: choose another type.` };
  return {};
}

const retention = ({ id }: Resource, group: string | undefined, SnapshotRetentionLimit: number, source?: string): AwsCommand =>
  group === undefined
    ? new ModifyCacheClusterCommand({ CacheClusterId: id, SnapshotRetentionLimit })
    : new ModifyReplicationGroupCommand({
        ReplicationGroupId: group,
        SnapshotRetentionLimit,
        ...(source !== undefined && { SnapshottingClusterId: source }),
      });
