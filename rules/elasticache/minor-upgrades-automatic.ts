import { ElastiCacheClient, ModifyCacheClusterCommand, ModifyReplicationGroupCommand } from '@aws-sdk/client-elasticache';
import { keptTags, withoutExempt } from '../exempt-parts';
import { type AwsCommand, defineRule, notFound, type Obstacle, type Tags } from '../rule';
import { cacheClusters, describeCacheCluster, isMemcached, listCacheClusters } from './cache-cluster/describe';
import { cacheCluster } from './cache-cluster/resource';
import { describeReplicationGroup, replicationGroups } from './replication-group/describe';
import { hindrance, obstacleBy } from './status/obstacle';
import { readTags } from './tags/read';

/** A cluster without automatic upgrades: its replication `group`, if any, to which the setting belongs; and what prevents a change. `status`: that of the group, if any. */
type State = {
  readonly automatic: boolean;
  readonly group?: string;
  /** Those of the group. */
  readonly tags?: Tags;
  readonly status?: string;
  /** Why the setting is not supported. */
  readonly none?: Obstacle;
};

export default defineRule({
  id: 'elasticache-minor-upgrades-automatic',
  title: 'ElastiCache clusters have automatic minor version upgrades enabled',
  why: 'Minor versions fix known vulnerabilities of the engine, which otherwise remain until somebody upgrades it.',
  impact:
    'New minor versions are installed in the maintenance window: connections drop for some seconds, and a cluster without a replica is unavailable for minutes and loses its data. The setting applies to the entire replication group.',
  severity: 'high',
  risk: 'disruptive',
  resource: cacheCluster,
  property: 'AutoMinorVersionUpgrade',
  detectedBy: { securityHub: ['ElastiCache.2'], config: ['elasticache-auto-minor-version-upgrade-check'] },
  permissions: {
    inspect: [
      { actions: ['elasticache:DescribeCacheClusters'], on: cacheClusters },
      { actions: ['elasticache:DescribeReplicationGroups', 'elasticache:ListTagsForResource'], on: replicationGroups },
    ],
    change: [
      { actions: ['elasticache:ModifyCacheCluster'], on: cacheClusters },
      { actions: ['elasticache:ModifyReplicationGroup'], on: replicationGroups },
    ],
  },
  clients: [ElastiCacheClient],
  commands: [ModifyCacheClusterCommand, ModifyReplicationGroupCommand],
  settle: 900,

  async inspect(resource, aws): Promise<State | typeof notFound> {
    const { id } = resource;
    const cluster = await describeCacheCluster(id, aws);
    if (!cluster) return notFound;
    const { ReplicationGroupId: group, EngineVersion = '', CacheClusterStatus } = cluster;
    if (cluster.AutoMinorVersionUpgrade) return { automatic: true, ...(group !== undefined && { group }) };
    const found = group === undefined ? undefined : await describeReplicationGroup(group, aws);
    const status = group === undefined ? CacheClusterStatus : found?.Status;
    const old = Number.parseInt(EngineVersion, 10) < 6;
    return {
      automatic: false,
      ...(group !== undefined && { group }),
      ...(found && keptTags(await readTags({ ...resource, arn: found.ARN ?? '' }, aws))),
      ...hindrance(status),
      ...(isMemcached(cluster) && { none: { unfixable: 'Memcached does not support automatic upgrades.', code: 'not-supported' } }),
      ...(old &&
        !isMemcached(cluster) && {
          none: {
            unfixable: `Redis ${EngineVersion} does not support automatic upgrades. Upgrade to version 6 or later.`,
            code: 'not-supported',
          },
        }),
    };
  },

  plan({ id }, state, context) {
    const { automatic, group, status, none } = state;
    if (automatic) return [];
    if (group !== undefined && withoutExempt([state], () => `the replication group ${group}`, context).length === 0) return [];
    if (none !== undefined) return none;
    if (status !== undefined) return obstacleBy(group === undefined ? 'cluster' : 'replication group', status);
    // Always applied immediately. ApplyImmediately would also apply other pending changes of the maintenance window.
    const upgrades = (AutoMinorVersionUpgrade: boolean): AwsCommand =>
      group === undefined
        ? new ModifyCacheClusterCommand({ CacheClusterId: id, AutoMinorVersionUpgrade })
        : new ModifyReplicationGroupCommand({ ReplicationGroupId: group, AutoMinorVersionUpgrade });
    return [{ do: upgrades(true), undo: upgrades(false) }];
  },

  targets: (_, { now: { group } }) => ({ ModifyReplicationGroup: { ReplicationGroupId: group ?? [] } }),

  list: (_, aws) => listCacheClusters(aws),
});
