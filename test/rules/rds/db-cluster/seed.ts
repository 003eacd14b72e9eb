import {
  CreateDBClusterCommand,
  type CreateDBClusterCommandInput,
  type DBCluster,
  DescribeDBClustersCommand,
  ModifyDBClusterCommand,
  type ModifyDBClusterCommandInput,
  StopDBClusterCommand,
} from '@aws-sdk/client-rds';
import { dbCluster } from '../../../../rules/rds/db-cluster/resource';
import type { Aws, AwsCommand, Json, Rule } from '../../../../rules/rule';
import { loggedPlan, planOf } from '../../../contract/plan-of';
import type { World } from '../../../contract/scenario';

/** A DB cluster of Aurora MySQL, if not told otherwise; its identifier. */
export const clusterWith =
  (input: Partial<CreateDBClusterCommandInput>) =>
  async (world: World): Promise<string> => {
    const DBClusterIdentifier = `cluster-${Math.random().toString(36).slice(2)}`;
    const owner = { MasterUsername: 'keeper', MasterUserPassword: 'only-for-the-test' };
    await world.send(new CreateDBClusterCommand({ DBClusterIdentifier, Engine: 'aurora-mysql', ...owner, ...input }));
    return DBClusterIdentifier;
  };

/** The same, stopped. */
export const stoppedClusterWith =
  (input: Partial<CreateDBClusterCommandInput>) =>
  async (world: World): Promise<string> => {
    const DBClusterIdentifier = await clusterWith(input)(world);
    await world.send(new StopDBClusterCommand({ DBClusterIdentifier }));
    return DBClusterIdentifier;
  };

/** What somebody else does to a cluster, and that they stop it then. */
export const changeCluster =
  (input: Partial<ModifyDBClusterCommandInput>) =>
  async (world: World, DBClusterIdentifier: string): Promise<void> => {
    await world.send(new ModifyDBClusterCommand({ DBClusterIdentifier, ...input }));
  };

export const changeAndStopCluster =
  (input: Partial<ModifyDBClusterCommandInput>) =>
  async (world: World, DBClusterIdentifier: string): Promise<void> => {
    await changeCluster(input)(world, DBClusterIdentifier);
    await world.send(new StopDBClusterCommand({ DBClusterIdentifier }));
  };

export async function clusterOf(world: World, DBClusterIdentifier: string): Promise<DBCluster> {
  const { DBClusters } = await world.send(new DescribeDBClustersCommand({ DBClusterIdentifier }));
  return DBClusters?.[0] ?? {};
}

/** AWS RDS, knowing these clusters alone. */
export function answering(...DBClusters: readonly DBCluster[]): Aws {
  return {
    async send<Output>(command: AwsCommand<Output>) {
      expect(command).toBeInstanceOf(DescribeDBClustersCommand);
      return { DBClusters } as Output;
    },
  };
}

export const place = { partition: 'aws', account: '123456789012', region: 'eu-west-1' };

/** What a rule would do about a cluster as AWS describes it: the changes, or the obstacle. */
export async function planFor<State extends Json, Parameters>(rule: Rule<State, Parameters>, cluster: DBCluster) {
  const resource = { ...place, type: dbCluster.type, id: 'orders', arn: 'arn:aws:rds:eu-west-1:123456789012:cluster:orders' };
  const state = await rule.inspect(resource, answering({ Status: 'available', ...cluster }));
  return loggedPlan(planOf(rule, resource, state));
}
