import { ElastiCacheClient, ModifyReplicationGroupCommand, type ReplicationGroup } from '@aws-sdk/client-elasticache';
import * as z from 'zod';
import { defineRule, notFound } from '../rule';
import { describeReplicationGroup, listReplicationGroups, replicationGroups } from './replication-group/describe';
import { replicationGroup } from './replication-group/resource';
import { hindrance, obstacleBy } from './status/obstacle';

const parameters = z.strictObject({
  applyImmediately: z
    .boolean()
    .default(false)
    .describe('Whether failover is turned on at once, and all else that waits for the maintenance window with it, and not in that window.'),
});

/** Of a group without failover: whether it is `decided` already, for the maintenance window; and what stands in the way. */
type State = {
  readonly failover: boolean;
  readonly decided?: true;
  readonly status?: string;
  readonly none?: string;
};

const week = 7 * 86_400;

export default defineRule({
  id: 'elasticache-failover-automatic',
  title: 'ElastiCache replication groups fail over to a replica by themselves',
  why: 'When the primary fails, nothing can be written until somebody promotes a replica by hand.',
  impact:
    'None until a primary fails: then a replica takes its place within a minute, and writes that it did not have yet are lost. It is turned on in the maintenance window if not said otherwise.',
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
  // The next maintenance window is a week away at most.
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
    if (decided) return { blocked: 'Failover is being turned on, at the latest in the maintenance window.' };
    if (none !== undefined) return { unfixable: none };
    if (status !== undefined) return obstacleBy('replication group', status);
    return [{ do: automatic(id, true, applyImmediately), undo: automatic(id, false, applyImmediately) }];
  },

  revertOwnPart: ({ id }, { failover, decided }, { parameters: { applyImmediately } }) =>
    failover || decided ? [automatic(id, false, applyImmediately)] : [],

  list: (_, aws) => listReplicationGroups(aws),
});

const automatic = (ReplicationGroupId: string, AutomaticFailoverEnabled: boolean, now: boolean) =>
  new ModifyReplicationGroupCommand({ ReplicationGroupId, AutomaticFailoverEnabled, ...(now && { ApplyImmediately: true }) });

function reasonWhyNot({ NodeGroups = [], CacheNodeType = '', GlobalReplicationGroupInfo }: ReplicationGroup): string | undefined {
  const store = GlobalReplicationGroupInfo?.GlobalReplicationGroupId;
  if (store)
    return `The replication group is a member of the global datastore ${store}, which decides for all its members: turn failover on there.`;
  if (NodeGroups.some(({ NodeGroupMembers = [] }) => NodeGroupMembers.length < 2))
    return 'The replication group has no replica that could take the place of the primary: add one.';
  if (CacheNodeType.startsWith('cache.t1.')) return `Nodes of type ${CacheNodeType} have no automatic failover: choose another type.`;
  return undefined;
}
