import { type DBCluster, ModifyDBClusterCommand, RDSClient } from '@aws-sdk/client-rds';
import { defineRule, gone } from '../rule';
import { clusters, describeCluster, listClusters } from './db-cluster/describe';
import { dbCluster } from './db-cluster/resource';
import { hindrance, obstacleBy } from './status/obstacle';
import { type Setting, turningOff, turningOn, waiting, whenParameters, windowSettle } from './window/setting';

export default defineRule({
  id: 'rds-cluster-iam-authentication-enabled',
  title: 'RDS DB clusters let their users log in with IAM',
  why: 'With IAM, users log in by tokens that are valid for minutes; otherwise only by passwords, which are passed on and never change.',
  impact:
    'None for clients: passwords are valid as before, until a database user is told to log in with IAM. It is turned on in the maintenance window if not said otherwise. A rollback takes effect in the next one, and shuts out the users that log in with IAM by then.',
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

  async inspect({ id }, aws): Promise<Setting | typeof gone> {
    const cluster = await describeCluster(id, aws);
    if (!cluster) return gone;
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

  takeBack: ({ id }, now) => turningOff(now, turning(id)),

  list: (_, aws) => listClusters(aws, (cluster) => reasonWhyNot(cluster) === undefined),
});

const turning = (DBClusterIdentifier: string) => (EnableIAMDatabaseAuthentication: boolean, now: boolean) =>
  new ModifyDBClusterCommand({ DBClusterIdentifier, EnableIAMDatabaseAuthentication, ...(now && { ApplyImmediately: true }) });

function reasonWhyNot({ Engine = '' }: DBCluster): string | undefined {
  if (Engine === 'neptune')
    return 'With authentication by IAM, Neptune lets in nobody else: that every client is ready for it, only the owner knows.';
  return Engine === 'docdb' ? 'Amazon DocumentDB has authentication with IAM by itself.' : undefined;
}
