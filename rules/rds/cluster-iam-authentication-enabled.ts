import { type DBCluster, ModifyDBClusterCommand, RDSClient } from '@aws-sdk/client-rds';
import { defineRule, notFound, type Obstacle } from '../rule';
import { clusters, describeCluster, listClusters } from './db-cluster/describe';
import { dbCluster } from './db-cluster/resource';
import { hindrance, obstacleBy } from './status/obstacle';
import { type Setting, turningOff, turningOn, waiting, whenParameters, windowSettle } from './window/setting';

export default defineRule({
  id: 'rds-cluster-iam-authentication-enabled',
  title: 'RDS DB clusters have IAM database authentication enabled',
  why: 'With IAM, users log in with tokens that expire after minutes. Otherwise they use passwords, which are shared and rarely change.',
  impact:
    'None for clients: passwords stay valid until a database user is configured for IAM authentication. By default, the change takes effect in the maintenance window. So does a rollback, which locks out users that log in with IAM by then.',
  severity: 'medium',
  risk: 'safe',
  resource: dbCluster,
  property: 'EnableIAMDatabaseAuthentication',
  detectedBy: { securityHub: ['RDS.12'], config: ['rds-cluster-iam-authentication-enabled'] },
  permissions: {
    inspect: { actions: ['rds:DescribeDBClusters'], on: clusters },
    change: { actions: ['rds:ModifyDBCluster'], on: clusters },
  },
  clients: [RDSClient],
  commands: [ModifyDBClusterCommand],
  parameters: whenParameters,
  settle: windowSettle,

  async inspect({ id }, aws): Promise<Setting | typeof notFound> {
    const cluster = await describeCluster(id, aws);
    if (!cluster) return notFound;
    if (cluster.IAMDatabaseAuthenticationEnabled) return { on: true };
    const { IAMDatabaseAuthenticationEnabled: decided, ...others } = cluster.PendingModifiedValues ?? {};
    const none = reasonWhyNot(cluster);
    return {
      on: false,
      ...waiting(decided, others, cluster.PreferredMaintenanceWindow),
      ...hindrance(cluster.Status),
      ...(none !== undefined && { none }),
    };
  },

  plan: ({ id }, state, { parameters }) => turningOn(state, parameters, (status) => obstacleBy('cluster', status), turning(id)),

  revertOwnPart: ({ id }, now) => turningOff(now, turning(id)),

  list: (_, aws) => listClusters(aws, (cluster) => reasonWhyNot(cluster) === undefined),
});

const turning = (DBClusterIdentifier: string) => (EnableIAMDatabaseAuthentication: boolean, now: boolean) =>
  new ModifyDBClusterCommand({ DBClusterIdentifier, EnableIAMDatabaseAuthentication, ...(now && { ApplyImmediately: true }) });

function reasonWhyNot({ Engine = '' }: DBCluster): Obstacle | undefined {
  if (Engine === 'neptune')
    return {
      unfixable: 'With IAM authentication, Neptune denies all unsigned requests, and only the owner knows whether every client signs them.',
      code: 'clients-unknown',
    };
  return Engine === 'docdb'
    ? { unfixable: 'Amazon DocumentDB has no such setting: IAM authentication is always available.', code: 'not-supported' }
    : undefined;
}
