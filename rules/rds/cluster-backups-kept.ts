import { ModifyDBClusterCommand, RDSClient } from '@aws-sdk/client-rds';
import * as z from 'zod';
import { atLeast } from '../detector-parameters';
import { defineRule, notFound, type Obstacle } from '../rule';
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
    .describe('The minimum retention of automated backups in days. A cluster that keeps them longer is not changed.'),
});

/** `none`: why RDS does not manage the backups. */
type State = { readonly days: number; readonly status?: string; readonly none?: Obstacle };

export default defineRule({
  id: 'rds-cluster-backups-kept',
  title: 'RDS, Neptune and DocumentDB clusters keep automated backups for at least 7 days',
  why: 'Corrupted data is often noticed only after days. Then a backup from before is needed.',
  impact:
    'None for clients. Backup storage beyond the size of the cluster is charged. A rollback deletes backups older than the former retention period.',
  severity: 'medium',
  risk: 'safe',
  resource: dbCluster,
  property: 'BackupRetentionPeriod',
  detectedBy: {
    securityHub: ['RDS.50', 'Neptune.5', 'DocumentDB.2'],
    config: ['rds-cluster-backup-retention-check', 'neptune-cluster-backup-retention-check', 'docdb-cluster-backup-retention-check'],
  },
  detectorParameters: {
    'RDS.50': { minimumBackupRetentionPeriod: atLeast('retentionDays') },
    'Neptune.5': { minimumBackupRetentionPeriod: atLeast('retentionDays') },
    'DocumentDB.2': { minimumBackupRetentionPeriod: atLeast('retentionDays') },
    'rds-cluster-backup-retention-check': { minimumBackupRetentionPeriod: atLeast('retentionDays', { absent: '7' }) },
    'neptune-cluster-backup-retention-check': { minimumBackupRetentionPeriod: atLeast('retentionDays', { absent: '7' }) },
    'docdb-cluster-backup-retention-check': { minimumBackupRetentionPeriod: atLeast('retentionDays', { absent: '7' }) },
  },
  permissions: {
    inspect: { actions: ['rds:DescribeDBClusters'], on: clusters },
    change: { actions: ['rds:ModifyDBCluster'], on: clusters },
  },
  clients: [RDSClient],
  commands: [ModifyDBClusterCommand],
  parameters,
  settle: 900,

  async inspect({ id }, aws): Promise<State | typeof notFound> {
    const cluster = await describeCluster(id, aws);
    if (!cluster) return notFound;
    const none = keptByPlan(cluster);
    return { days: cluster.BackupRetentionPeriod ?? 0, ...hindrance(cluster.Status), ...(none !== undefined && { none }) };
  },

  plan({ id }, { days, status, none }, { parameters: { retentionDays } }) {
    if (days >= retentionDays) return [];
    if (none !== undefined) return none;
    if (status !== undefined) return obstacleBy('cluster', status);
    return [{ do: retention(id, retentionDays), undo: retention(id, days) }];
  },

  // The status may have changed since; it does not matter here.
  revertOwnPart({ id }, now, { before, after }) {
    if (now.days === before.days) return [];
    return now.days === after.days ? [retention(id, before.days)] : undefined;
  },

  list: (_, aws) => listClusters(aws, () => true),
});

// AWS applies a change of the retention immediately. ApplyImmediately would also apply other changes that wait for the maintenance window.
const retention = (DBClusterIdentifier: string, BackupRetentionPeriod: number) =>
  new ModifyDBClusterCommand({ DBClusterIdentifier, BackupRetentionPeriod });
