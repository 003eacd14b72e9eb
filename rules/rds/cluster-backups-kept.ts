import { ModifyDBClusterCommand, RDSClient } from '@aws-sdk/client-rds';
import * as z from 'zod';
import { defineRule, gone } from '../rule';
import { keptByPlan } from './backup-plan/keeper';
import { clusters, describeCluster, listClusters } from './db-cluster/describe';
import { dbCluster } from './db-cluster/resource';
import { hindrance, obstacleBy } from './status/obstacle';

const parameters = z.strictObject({
  retentionDays: z
    .int()
    .min(1)
    .max(35)
    .default(7)
    .describe('How many days automated backups are kept at least. A cluster that keeps them longer is left as it is.'),
});

/** `none`: why the backups are not in the hands of RDS. */
type State = { readonly days: number; readonly status?: string; readonly none?: string };

export default defineRule({
  id: 'rds-cluster-backups-kept',
  title: 'DB clusters of RDS, Neptune and DocumentDB keep their backups for a week',
  why: 'A mistake in the data is often noticed only after days: then there has to be a backup from before.',
  impact:
    'None for clients. Backups beyond the size of the cluster are billed. A rollback deletes those that are older than the days before.',
  severity: 'medium',
  risk: 'safe',
  resource: dbCluster,
  property: 'BackupRetentionPeriod',
  detectedBy: {
    securityHub: ['RDS.50', 'Neptune.5', 'DocumentDB.2'],
    config: ['rds-cluster-backup-retention-check', 'neptune-cluster-backup-retention-check', 'docdb-cluster-backup-retention-check'],
  },
  permissions: {
    inspect: { actions: ['rds:DescribeDBClusters'], on: clusters },
    change: { actions: ['rds:ModifyDBCluster'], on: clusters },
  },
  clients: [RDSClient],
  commands: [ModifyDBClusterCommand],
  parameters,
  settle: 900,

  async inspect({ id }, aws): Promise<State | typeof gone> {
    const cluster = await describeCluster(id, aws);
    if (!cluster) return gone;
    const none = keptByPlan(cluster);
    return { days: cluster.BackupRetentionPeriod ?? 0, ...hindrance(cluster.Status), ...(none !== undefined && { none }) };
  },

  plan({ id }, { days, status, none }, { parameters: { retentionDays } }) {
    if (days >= retentionDays) return [];
    if (none !== undefined) return { unfixable: none };
    if (status !== undefined) return obstacleBy('cluster', status);
    return [{ do: retention(id, retentionDays), undo: retention(id, days) }];
  },

  // Its status alone may be another one since.
  takeBack({ id }, now, { before, after }) {
    if (now.days === before.days) return [];
    return now.days === after.days ? [retention(id, before.days)] : undefined;
  },

  list: (_, aws) => listClusters(aws, () => true),
});

// From one number of days to another is applied at once. ApplyImmediately would apply all else that waits for the maintenance window too.
const retention = (DBClusterIdentifier: string, BackupRetentionPeriod: number) =>
  new ModifyDBClusterCommand({ DBClusterIdentifier, BackupRetentionPeriod });
