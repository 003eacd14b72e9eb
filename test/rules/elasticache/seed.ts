import {
  type CacheCluster,
  CreateCacheClusterCommand,
  type CreateCacheClusterCommandInput,
  CreateReplicationGroupCommand,
  type CreateReplicationGroupCommandInput,
  DescribeCacheClustersCommand,
  DescribeReplicationGroupsCommand,
  ModifyCacheClusterCommand,
  type ModifyCacheClusterCommandInput,
  ModifyReplicationGroupCommand,
  type ModifyReplicationGroupCommandInput,
  type ReplicationGroup,
} from '@aws-sdk/client-elasticache';
import { type Aws, type AwsCommand, type Json, type Rule, toArray } from '../../../rules/rule';
import { loggedPlan, planOf } from '../../contract/plan-of';
import type { World } from '../../contract/scenario';

const someName = (): string => `cache-${Math.random().toString(36).slice(2)}`;

/** A cache cluster of Redis, if not told otherwise; its ARN. */
export const clusterWith =
  (input: Partial<CreateCacheClusterCommandInput>) =>
  async (world: World): Promise<string> => {
    const { CacheCluster } = await world.send(new CreateCacheClusterCommand({ CacheClusterId: someName(), Engine: 'redis', ...input }));
    return CacheCluster?.ARN ?? '';
  };

/** A replication group of a primary and a replica, if not told otherwise; its ARN. */
export const groupWith =
  (input: Partial<CreateReplicationGroupCommandInput>) =>
  async (world: World): Promise<string> => {
    const named = { ReplicationGroupId: someName(), ReplicationGroupDescription: 'sessions', NumCacheClusters: 2 };
    const { ReplicationGroup } = await world.send(new CreateReplicationGroupCommand({ ...named, ...input }));
    return ReplicationGroup?.ARN ?? '';
  };

/** The second member of such a group; its ARN. */
export const memberOf =
  (input: Partial<CreateReplicationGroupCommandInput>) =>
  async (world: World): Promise<string> =>
    `${(await groupWith(input)(world)).replace(':replicationgroup:', ':cluster:')}-002`;

export async function clusterAt(world: World, arn: string): Promise<CacheCluster> {
  const { CacheClusters } = await world.send(new DescribeCacheClustersCommand({ CacheClusterId: idOf(arn) }));
  return CacheClusters?.[0] ?? {};
}

export async function groupAt(world: World, arn: string): Promise<ReplicationGroup> {
  const { ReplicationGroups } = await world.send(new DescribeReplicationGroupsCommand({ ReplicationGroupId: idOf(arn) }));
  return ReplicationGroups?.[0] ?? {};
}

/** What somebody else does to a cluster, and to a group. */
export async function changeCluster(world: World, arn: string, input: Partial<ModifyCacheClusterCommandInput>): Promise<void> {
  await world.send(new ModifyCacheClusterCommand({ CacheClusterId: idOf(arn), ...input }));
}

export async function changeGroup(world: World, arn: string, input: Partial<ModifyReplicationGroupCommandInput>): Promise<void> {
  await world.send(new ModifyReplicationGroupCommand({ ReplicationGroupId: idOf(arn), ...input }));
}

const idOf = (arn: string): string => arn.slice(arn.lastIndexOf(':') + 1);

/** ElastiCache, knowing these alone, each list on two pages. */
export function answering({
  clusters = [],
  groups = [],
}: {
  clusters?: readonly CacheCluster[];
  groups?: readonly ReplicationGroup[];
}): Aws {
  return {
    async send<Output>(command: AwsCommand<Output>) {
      const first = (command.input as { Marker?: string }).Marker === undefined;
      const page = <T>(all: readonly T[]) => (first ? all.slice(0, 1) : all.slice(1));
      const isOfGroups = (command as object) instanceof DescribeReplicationGroupsCommand;
      const members = isOfGroups ? { ReplicationGroups: page(groups) } : { CacheClusters: page(clusters) };
      return { ...members, ...(first && { Marker: 'more' }) } as Output;
    },
  };
}

export const place = { partition: 'aws', account: '123456789012', region: 'eu-west-1' };

/** What a rule would do about a cluster or a group as AWS describes it: the changes, or the obstacle. */
export async function planFor<State extends Json, Parameters>(
  rule: Rule<State, Parameters>,
  seen: { cluster: CacheCluster } | { group: ReplicationGroup },
  given: object = {},
) {
  const cluster = 'cluster' in seen;
  const kind = toArray(rule.resource).find(({ type }) => type.endsWith('CacheCluster') === cluster);
  const resource = { ...place, type: kind?.type ?? '', id: 'sessions', arn: `arn:aws:elasticache:eu-west-1:123456789012:x:sessions` };
  const aws = cluster
    ? answering({ clusters: [{ CacheClusterStatus: 'available', Engine: 'redis', ...seen.cluster }] })
    : answering({ groups: [{ Status: 'available', ReplicationGroupId: 'sessions', ...seen.group }] });
  const state = await rule.inspect(resource, aws);
  return loggedPlan(planOf(rule, resource, state, { ...(rule.parameters && { parameters: rule.parameters.parse(given) }) }));
}
