import {
  type Cluster,
  CreateClusterCommand,
  type CreateClusterCommandInput,
  DescribeClustersCommand,
  ModifyClusterCommand,
  type ModifyClusterCommandInput,
  PauseClusterCommand,
} from '@aws-sdk/client-redshift';
import { cluster as kind } from '../../../../rules/redshift/cluster/resource';
import type { Aws, AwsCommand, Json, Rule } from '../../../../rules/rule';
import { loggedPlan, planOf } from '../../../contract/plan-of';
import type { World } from '../../../contract/scenario';

/** A Redshift cluster; its identifier. */
export const clusterWith =
  (input: Partial<CreateClusterCommandInput>) =>
  async (world: World): Promise<string> => {
    const ClusterIdentifier = `cluster-${Math.random().toString(36).slice(2)}`;
    const owner = { MasterUsername: 'keeper', MasterUserPassword: 'Only-for-1-test' };
    await world.send(new CreateClusterCommand({ ClusterIdentifier, NodeType: 'ra3.large', ...owner, ...input }));
    return ClusterIdentifier;
  };

/** The same, paused. */
export const pausedClusterWith =
  (input: Partial<CreateClusterCommandInput>) =>
  async (world: World): Promise<string> => {
    const ClusterIdentifier = await clusterWith(input)(world);
    await world.send(new PauseClusterCommand({ ClusterIdentifier }));
    return ClusterIdentifier;
  };

/** What somebody else does to a cluster. */
export const changeCluster =
  (input: Partial<ModifyClusterCommandInput>) =>
  async (world: World, ClusterIdentifier: string): Promise<void> => {
    await world.send(new ModifyClusterCommand({ ClusterIdentifier, ...input }));
  };

export async function clusterOf(world: World, ClusterIdentifier: string): Promise<Cluster> {
  const { Clusters } = await world.send(new DescribeClustersCommand({ ClusterIdentifier }));
  return Clusters?.[0] ?? {};
}

/** Amazon Redshift, knowing these clusters alone, on two pages. */
export function answering(...Clusters: readonly Cluster[]): Aws {
  return {
    async send<Output>(command: AwsCommand<Output>) {
      expect(command).toBeInstanceOf(DescribeClustersCommand);
      const { Marker } = command.input as { Marker?: string };
      return (Marker === undefined ? { Clusters: Clusters.slice(0, 1), Marker: '1' } : { Clusters: Clusters.slice(1) }) as Output;
    },
  };
}

export const place = { partition: 'aws', account: '123456789012', region: 'eu-west-1' };
export const sales = { ...place, type: kind.type, id: 'sales', arn: 'arn:aws:redshift:eu-west-1:123456789012:cluster:sales' };

/** What a rule would do about a cluster as AWS describes it: the changes, or the obstacle. */
export async function planFor<State extends Json, Parameters>(
  rule: Rule<State, Parameters>,
  cluster: Cluster,
  given: Readonly<Record<string, unknown>> = {},
) {
  const state = await rule.inspect(sales, answering({ ClusterStatus: 'available', ...cluster }));
  return loggedPlan(planOf(rule, sales, state, { ...(rule.parameters && { parameters: rule.parameters.parse(given) }) }));
}
