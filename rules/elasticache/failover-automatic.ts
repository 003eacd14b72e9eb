import { ElastiCacheClient, ModifyReplicationGroupCommand, type ReplicationGroup } from '@aws-sdk/client-elasticache';
import * as z from 'zod';
import { defineRule, notFound, type Obstacle } from '../rule';
import { describeReplicationGroup, listReplicationGroups, replicationGroups } from './replication-group/describe';
import { replicationGroup } from './replication-group/resource';
import { hindrance, obstacleBy } from './status/obstacle';

const parameters = z.strictObject({
  applyImmediately: z
    .boolean()
    .default(false)
    .describe('Whether to enable failover immediately, along with all other pending changes, instead of in the maintenance window.'),
});

/** A group without automatic failover. `decided`: the change is already pending for the maintenance window. `status` and `none`: what prevents a change. */
type State = {
  readonly failover: boolean;
  readonly decided?: true;
  readonly status?: string;
  readonly none?: Obstacle;
};

const week = 7 * 86_400;

export default defineRule({
  id: 'elasticache-failover-automatic',
  title: 'ElastiCache replication groups have automatic failover enabled',
  why: 'When the primary fails, writes are impossible until somebody promotes a replica manually.',
  impact:
    'None until a primary fails: then a replica is promoted within a minute, and writes that were not yet replicated are lost. By default, automatic failover is enabled in the maintenance window.',
  severity: 'medium',
  risk: 'safe',
  resource: replicationGroup,
  property: 'AutomaticFailoverEnabled',
  detectedBy: { securityHub: ['ElastiCache.3'], config: ['elasticache-repl-grp-auto-failover-enabled'] },
  permissions: {
    inspect: { actions: ['elasticache:DescribeReplicationGroups'], on: replicationGroups },
    change: { actions: ['elasticache:ModifyReplicationGroup'], on: replicationGroups },
  },
  clients: [ElastiCacheClient],
  commands: [ModifyReplicationGroupCommand],
  parameters,
  // The next maintenance window is at most a week away.
  settle: week + 86_400,

  async inspect({ id }, aws): Promise<State | typeof notFound> {
    const group = await describeReplicationGroup(id, aws);
    if (!group) return notFound;
    if (group.AutomaticFailover === 'enabled') return { failover: true };
    const none = reasonWhyNot(group);
    const decided = group.AutomaticFailover === 'enabling' || group.PendingModifiedValues?.AutomaticFailoverStatus === 'enabled';
    return {
      failover: false,
      ...(decided && { decided: true as const }),
      ...hindrance(group.Status),
      ...(none !== undefined && { none }),
    };
  },

  plan({ id }, { failover, decided, status, none }, { parameters: { applyImmediately } }) {
    if (failover) return [];
    if (decided)
      return {
        blocked: 'Automatic failover is being enabled, at the latest in the maintenance window.',
        code: 'waiting-for-maintenance-window',
      };
    if (none !== undefined) return none;
    if (status !== undefined) return obstacleBy('replication group', status);
    return [{ do: automatic(id, true, applyImmediately), undo: automatic(id, false, applyImmediately) }];
  },

  revertOwnPart: ({ id }, { failover, decided }, { parameters: { applyImmediately } }) =>
    failover || decided ? [automatic(id, false, applyImmediately)] : [],

  list: (_, aws) => listReplicationGroups(aws),
});

const automatic = (ReplicationGroupId: string, AutomaticFailoverEnabled: boolean, now: boolean) =>
  new ModifyReplicationGroupCommand({ ReplicationGroupId, AutomaticFailoverEnabled, ...(now && { ApplyImmediately: true }) });

function reasonWhyNot({ NodeGroups = [], CacheNodeType = '', GlobalReplicationGroupInfo }: ReplicationGroup): Obstacle | undefined {
  const store = GlobalReplicationGroupInfo?.GlobalReplicationGroupId;
  if (store)
    return {
      unfixable: `The global datastore ${store} controls failover for all its members, including this replication group. Enable failover there.`,
      code: 'global-datastore-member',
    };
  if (NodeGroups.some(({ NodeGroupMembers = [] }) => NodeGroupMembers.length < 2))
    return { unfixable: 'The replication group has no replica to fail over to. Add one.', code: 'no-replica' };
  if (CacheNodeType.startsWith('cache.t1.'))
    return { unfixable: `Nodes of type ${CacheNodeType} do not support automatic failover. Choose another type.`, code: 'not-supported' };
  return undefined;
}
