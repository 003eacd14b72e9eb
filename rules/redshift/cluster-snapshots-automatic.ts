import { ModifyClusterCommand, RedshiftClient } from '@aws-sdk/client-redshift';
import * as z from 'zod';
import { defineRule, gone } from '../rule';
import { clusters, describeCluster, listClusters } from './cluster/describe';
import { cluster } from './cluster/resource';
import { hindrance, obstacleBy } from './cluster/status';

const parameters = z.strictObject({
  retentionDays: z
    .int()
    .min(1)
    .max(35)
    .default(7)
    .describe('How many days automated snapshots are kept at least. A cluster that keeps them longer is left as it is.'),
});

/** `days` is 0 where there are no automated snapshots. */
type State = { readonly days: number; readonly status?: string };

export default defineRule({
  id: 'redshift-cluster-snapshots-automatic',
  title: 'Redshift clusters make snapshots by themselves, and keep them for a week',
  why: 'After a wrong statement or a broken load, a snapshot of the days before is the only way back.',
  impact:
    'None for clients. Snapshots beyond the storage that comes with the cluster are billed. A rollback deletes those that are older than the days before.',
  severity: 'medium',
  risk: 'safe',
  resource: cluster,
  property: 'AutomatedSnapshotRetentionPeriod',
  detectedBy: { securityHub: ['Redshift.3'], config: ['redshift-backup-enabled'] },
  permissions: {
    inspect: { actions: ['redshift:DescribeClusters'], on: clusters },
    change: { actions: ['redshift:ModifyCluster'], on: clusters },
  },
  clients: [RedshiftClient],
  commands: [ModifyClusterCommand],
  parameters,
  settle: 600,

  async inspect({ id }, aws): Promise<State | typeof gone> {
    const found = await describeCluster(id, aws);
    return found ? { days: found.AutomatedSnapshotRetentionPeriod ?? 0, ...hindrance(found.ClusterStatus) } : gone;
  },

  plan({ id }, { days, status }, { parameters: { retentionDays } }) {
    if (days >= retentionDays) return [];
    if (status !== undefined) return obstacleBy(status);
    return [{ do: retention(id, retentionDays), undo: retention(id, days) }];
  },

  // Its status alone may be another one since.
  takeBack({ id }, now, { before, after }) {
    if (now.days === before.days) return [];
    return now.days === after.days ? [retention(id, before.days)] : undefined;
  },

  list: (_, aws) => listClusters(aws),
});

const retention = (ClusterIdentifier: string, AutomatedSnapshotRetentionPeriod: number) =>
  new ModifyClusterCommand({ ClusterIdentifier, AutomatedSnapshotRetentionPeriod });
