import { ElastiCacheClient, ModifyCacheClusterCommand, ModifyReplicationGroupCommand } from '@aws-sdk/client-elasticache';
import { type AwsCommand, defineRule, notFound } from '../rule';
import { cacheClusters, describeCacheCluster, isMemcached, listCacheClusters } from './cache-cluster/describe';
import { cacheCluster } from './cache-cluster/resource';
import { describeReplicationGroup, replicationGroups } from './replication-group/describe';
import { hindrance, obstacleBy } from './status/obstacle';

/** Of a cluster without upgrades: its replication `group`, for which they are set, and what stands in the way; `status` is that of the group, where there is one. */
type State = {
  readonly automatic: boolean;
  readonly group?: string;
  readonly status?: string;
  /** Why it has no such setting. */
  readonly none?: string;
};

export default defineRule({
  id: 'elasticache-minor-upgrades-automatic',
  title: 'ElastiCache installs minor versions of Redis and Valkey by itself',
  why: 'Minor versions mend known weaknesses of the engine, which stay open where nobody installs them.',
  impact:
    'When AWS has a newer minor version, it is installed in the maintenance window: connections break for some seconds, and a cluster without a replica is not available for minutes, and empty afterwards. The setting is that of the whole replication group.',
  severity: 'high',
  risk: 'disruptive',
  resource: cacheCluster,
  property: 'AutoMinorVersionUpgrade',
  detectedBy: { securityHub: ['ElastiCache.2'], config: ['elasticache-auto-minor-version-upgrade-check'] },
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
  settle: 900,

  async inspect({ id }, aws): Promise<State | typeof notFound> {
    const cluster = await describeCacheCluster(id, aws);
    if (!cluster) return notFound;
    if (cluster.AutoMinorVersionUpgrade) return { automatic: true };
    const { ReplicationGroupId: group, EngineVersion = '', CacheClusterStatus } = cluster;
    const status = group === undefined ? CacheClusterStatus : (await describeReplicationGroup(group, aws))?.Status;
    const old = Number.parseInt(EngineVersion, 10) < 6;
    return {
      automatic: false,
      ...(group !== undefined && { group }),
      ...hindrance(status),
      ...(isMemcached(cluster) && { none: 'Memcached has no automatic upgrades.' }),
      ...(old && !isMemcached(cluster) && { none: `Redis ${EngineVersion} has no automatic upgrades: move to version 6 or later.` }),
    };
  },

  plan({ id }, { automatic, group, status, none }) {
    if (automatic) return [];
    if (none !== undefined) return { unfixable: none };
    if (status !== undefined) return obstacleBy(group === undefined ? 'cluster' : 'replication group', status);
    // Applied at once in any case. ApplyImmediately would apply all else that waits for the maintenance window too.
    const upgrades = (AutoMinorVersionUpgrade: boolean): AwsCommand =>
      group === undefined
        ? new ModifyCacheClusterCommand({ CacheClusterId: id, AutoMinorVersionUpgrade })
        : new ModifyReplicationGroupCommand({ ReplicationGroupId: group, AutoMinorVersionUpgrade });
    return [{ do: upgrades(true), undo: upgrades(false) }];
  },

  list: (_, aws) => listCacheClusters(aws),
});
