import { errorAnswer } from './error';
import type { LocalOperations, Place } from './local';
import type { Operation } from './operation';
import { plainMembers, queryAnswer, type Xml } from './query';

type Members = Record<string, string | number | boolean>;

const notFound = (operation: Operation, what: 'CacheCluster' | 'ReplicationGroup') =>
  errorAnswer(operation, { status: 404, code: `${what}NotFoundFault`, message: `${what} not found` });

/** Cache clusters and replication groups of ElastiCache: moto can't modify them, and leaves out how they are backed up and upgraded. */
export const emulateElastiCache = (): { readonly operations: LocalOperations } => {
  const clusters = new Map<string, Members>();
  const groups = new Map<string, Members>();
  const key = ({ account, region }: Place, id: unknown) => `${account}:${region}:${String(id)}`;
  const own = (all: Map<string, Members>, place: Place) =>
    [...all].filter(([each]) => each.startsWith(key(place, ''))).map(([, members]) => members);
  const membersOf = (place: Place, id: unknown) => own(clusters, place).filter(({ ReplicationGroupId }) => ReplicationGroupId === id);

  const create = (place: Place, id: string, members: Members) => {
    const ARN = `arn:aws:elasticache:${place.region}:${place.account}:cluster:${id}`;
    const made = { CacheClusterId: id, ARN, CacheClusterStatus: 'available', EngineVersion: '7.1.0', ...members };
    clusters.set(key(place, id), made);
    return made;
  };

  const described = (place: Place, { NumNodeGroups, NumCacheClusters, AutomaticFailoverEnabled, ...group }: Members): Xml => {
    const members = membersOf(place, group.ReplicationGroupId);
    return {
      ...group,
      Status: 'available',
      ClusterEnabled: NumNodeGroups !== undefined,
      AutomaticFailover: AutomaticFailoverEnabled ? 'enabled' : 'disabled',
      MemberClusters: { ClusterId: members.map(({ CacheClusterId }) => CacheClusterId) },
      NodeGroups: {
        NodeGroup: {
          NodeGroupMembers: {
            NodeGroupMember: members.map(({ CacheClusterId }, index) => ({
              CacheClusterId,
              // A group with shards shows no roles.
              ...(NumNodeGroups === undefined && { CurrentRole: index === 0 ? 'primary' : 'replica' }),
            })),
          },
        },
      },
    };
  };

  const operations: LocalOperations = {
    'elasticache:CreateCacheCluster'(operation, place) {
      const { CacheClusterId, ...members } = plainMembers(operation);
      return queryAnswer(operation, { CacheCluster: create(place, String(CacheClusterId), members) });
    },

    'elasticache:CreateReplicationGroup'(operation, place) {
      const { ReplicationGroupDescription, ...members } = plainMembers(operation);
      const id = String(members.ReplicationGroupId);
      const ARN = `arn:aws:elasticache:${place.region}:${place.account}:replicationgroup:${id}`;
      const group = { ...members, Description: ReplicationGroupDescription ?? '', ARN };
      groups.set(key(place, id), group);
      const { Engine = 'redis', AutoMinorVersionUpgrade = true } = members;
      for (let number = 1; number <= Number(members.NumCacheClusters ?? 1); number += 1)
        create(place, `${id}-00${number}`, { ReplicationGroupId: id, Engine, AutoMinorVersionUpgrade });
      return queryAnswer(operation, { ReplicationGroup: described(place, group) });
    },

    'elasticache:DescribeCacheClusters'(operation, place) {
      const { CacheClusterId } = operation.input;
      if (CacheClusterId === undefined) return queryAnswer(operation, { CacheClusters: { CacheCluster: own(clusters, place) } });
      const cluster = clusters.get(key(place, CacheClusterId));
      return cluster ? queryAnswer(operation, { CacheClusters: { CacheCluster: cluster } }) : notFound(operation, 'CacheCluster');
    },

    'elasticache:DescribeReplicationGroups'(operation, place) {
      const { ReplicationGroupId: id } = operation.input;
      const group = groups.get(key(place, id));
      if (id !== undefined && !group) return notFound(operation, 'ReplicationGroup');
      const found = group ? [group] : own(groups, place);
      return queryAnswer(operation, { ReplicationGroups: { ReplicationGroup: found.map((one) => described(place, one)) } });
    },

    'elasticache:ModifyCacheCluster'(operation, place) {
      const { CacheClusterId, ApplyImmediately: _, ...members } = plainMembers(operation);
      const cluster = clusters.get(key(place, CacheClusterId));
      if (!cluster) return notFound(operation, 'CacheCluster');
      return queryAnswer(operation, { CacheCluster: Object.assign(cluster, members) });
    },

    'elasticache:ModifyReplicationGroup'(operation, place) {
      const { ReplicationGroupId, ApplyImmediately: _, ...members } = plainMembers(operation);
      const group = groups.get(key(place, ReplicationGroupId));
      if (!group) return notFound(operation, 'ReplicationGroup');
      const { AutoMinorVersionUpgrade } = members;
      if (AutoMinorVersionUpgrade !== undefined)
        for (const member of membersOf(place, ReplicationGroupId)) Object.assign(member, { AutoMinorVersionUpgrade });
      return queryAnswer(operation, { ReplicationGroup: described(place, Object.assign(group, members)) });
    },

    'elasticache:ListTagsForResource': (operation) => queryAnswer(operation, { TagList: {} }),
  };

  return { operations };
};
