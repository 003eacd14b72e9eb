import {
  type CacheCluster,
  ElastiCacheClient,
  ModifyCacheClusterCommand,
  ModifyReplicationGroupCommand,
  type ReplicationGroup,
} from '@aws-sdk/client-elasticache';
import * as z from 'zod';
import { atLeast } from '../detector-parameters';
import { keptTags, withoutExempt } from '../exempt-parts';
import { type AwsCommand, defineRule, notFound, type Obstacle, type Resource, type Tags } from '../rule';
import { cacheClusters, describeCacheCluster, isMemcached, listCacheClusters } from './cache-cluster/describe';
import { cacheCluster } from './cache-cluster/resource';
import { describeReplicationGroup, listReplicationGroups, replicationGroups } from './replication-group/describe';
import { replicationGroup } from './replication-group/resource';
import { hindrance, obstacleBy } from './status/obstacle';
import { readTags } from './tags/read';

const configRule = 'elasticache-redis-cluster-automatic-backup-check';

const parameters = z.strictObject({
  retentionDays: z
    .int()
    .min(1)
    .max(35)
    .optional()
    .describe(
      'The minimum retention of backups in days; a longer one is not changed. Default: 1, as Security Hub requires, or 15 for findings of the AWS Config rule, which is the default of that rule.',
    ),
});

type State = {
  /** The retention of backups in days; 0 if disabled. */
  readonly days: number;
  /** The replication group to which the setting belongs; absent for a standalone cluster. */
  readonly group?: string;
  /** Those of the replication group of a cluster. */
  readonly tags?: Tags;
  /** The member from which a group without shards is backed up, if backups are to be enabled. */
  readonly source?: string;
  readonly status?: string;
  /** Why backups are not supported. */
  readonly none?: Obstacle;
};

export default defineRule({
  id: 'elasticache-backups-automatic',
  title: 'ElastiCache clusters have automatic backups enabled',
  why: 'After a node failure or a flush of the cache, its data can be restored only from a backup.',
  impact:
    'A backup is created each day. It needs spare memory on the node, and slows down one that is almost full. Without shards, it is created from a replica if there is one. Each cluster has one free backup; further ones are charged. A rollback that disables backups deletes the automatic ones.',
  severity: 'high',
  risk: 'safe',
  resource: [cacheCluster, replicationGroup],
  property: 'SnapshotRetentionLimit',
  detectedBy: { securityHub: ['ElastiCache.1'], config: [configRule] },
  detectorParameters: {
    'ElastiCache.1': { snapshotRetentionPeriod: atLeast('retentionDays') },
    [configRule]: { snapshotRetentionPeriod: atLeast('retentionDays', { absent: '15' }) },
  },
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

  async inspect(resource, aws): Promise<State | typeof notFound> {
    const { id, type } = resource;
    const cluster = type === cacheCluster.type ? await describeCacheCluster(id, aws) : undefined;
    if (type === cacheCluster.type && !cluster) return notFound;
    if (cluster && cluster.ReplicationGroupId === undefined) return stateOfCluster(cluster);
    const group = await describeReplicationGroup(cluster?.ReplicationGroupId ?? id, aws);
    if (!group) return notFound;
    const tags = cluster ? keptTags(await readTags({ ...resource, arn: group.ARN ?? '' }, aws)) : {};
    return { ...stateOfGroup(group), ...tags };
  },

  plan(resource, state, { parameters: { retentionDays }, detectedBy, ...context }) {
    const { days, group, source, status, none } = state;
    const expected = retentionDays ?? (detectedBy === configRule ? 15 : 1);
    if (days >= expected) return [];
    if (group !== undefined && withoutExempt([state], () => `the replication group ${group}`, context).length === 0) return [];
    if (none !== undefined) return none;
    if (status !== undefined) return obstacleBy(group === undefined ? 'cluster' : 'replication group', status);
    const note = `Backups are created from ${source}: a replica if there is one, so that they put no load on the primary. All replicas have the same data.`;
    return [
      { do: retention(resource, group, expected, source), undo: retention(resource, group, days), ...(source !== undefined && { note }) },
    ];
  },

  // The status and the primary may have changed on their own.
  targets: (_, { now: { group } }) => ({ ModifyReplicationGroup: { ReplicationGroupId: group ?? [] } }),

  revertOwnPart(resource, now, { before, after }) {
    if (now.days === before.days) return [];
    return now.days === after.days ? [retention(resource, now.group, before.days)] : undefined;
  },

  // Members are covered by their group.
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

/** The member to create backups from: a replica, to keep the load off the primary. */
function sourceOf({ SnapshottingClusterId, NodeGroups = [] }: ReplicationGroup): string | undefined {
  const members = (NodeGroups[0]?.NodeGroupMembers ?? []).toSorted((a, b) =>
    (a.CacheClusterId ?? '') < (b.CacheClusterId ?? '') ? -1 : 1,
  );
  const chosen = members.find(({ CurrentRole }) => CurrentRole === 'replica') ?? members[0];
  return SnapshottingClusterId || chosen?.CacheClusterId;
}

function reasonWhyNot({ Engine, CacheNodeType = '' }: CacheCluster | ReplicationGroup): { readonly none?: Obstacle } {
  if (isMemcached({ Engine })) return { none: { unfixable: 'Memcached does not support backups.', code: 'not-supported' } };
  if (CacheNodeType.startsWith('cache.t1.'))
    return { none: { unfixable: `Nodes of type ${CacheNodeType} do not support backups. Choose another type.`, code: 'not-supported' } };
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
