import { ModifyClusterCommand, RedshiftClient } from '@aws-sdk/client-redshift';
import * as z from 'zod';
import { atLeast } from '../detector-parameters';
import { defineRule, notFound } from '../rule';
import { clusters, describeCluster, listClusters } from './cluster/describe';
import { cluster } from './cluster/resource';
import { hindrance, obstacleBy } from './cluster/status';

const parameters = z.strictObject({
  retentionDays: z
    .int()
    .min(1)
    .max(35)
    .default(7)
    .describe('The minimum retention of automated snapshots in days. A cluster that keeps them longer is not changed.'),
});

/** `days`: 0 if automated snapshots are off. */
type State = { readonly days: number; readonly status?: string };

export default defineRule({
  id: 'redshift-cluster-snapshots-automatic',
  title: 'Redshift clusters keep automated snapshots for at least 7 days',
  why: 'After a mistaken statement or a corrupted load, only an earlier snapshot can restore the data.',
  impact:
    'None for clients. Snapshot storage beyond the free storage of the cluster is charged. A rollback deletes snapshots older than the former retention period.',
  severity: 'medium',
  risk: 'safe',
  resource: cluster,
  property: 'AutomatedSnapshotRetentionPeriod',
  detectedBy: { securityHub: ['Redshift.3'], config: ['redshift-backup-enabled'] },
  detectorParameters: {
    'Redshift.3': { MinRetentionPeriod: atLeast('retentionDays') },
    'redshift-backup-enabled': {
      MinRetentionPeriod: atLeast('retentionDays'),
      MaxRetentionPeriod: { unmappable: 'The rule never shortens a retention.' },
    },
  },
  permissions: {
    inspect: { actions: ['redshift:DescribeClusters'], on: clusters },
    change: { actions: ['redshift:ModifyCluster'], on: clusters },
  },
  clients: [RedshiftClient],
  commands: [ModifyClusterCommand],
  parameters,
  settle: 600,

  async inspect({ id }, aws): Promise<State | typeof notFound> {
    const found = await describeCluster(id, aws);
    return found ? { days: found.AutomatedSnapshotRetentionPeriod ?? 0, ...hindrance(found.ClusterStatus) } : notFound;
  },

  plan({ id }, { days, status }, { parameters: { retentionDays } }) {
    if (days >= retentionDays) return [];
    if (status !== undefined) return obstacleBy(status);
    return [{ do: retention(id, retentionDays), undo: retention(id, days) }];
  },

  // The status may have changed since; it does not matter here.
  revertOwnPart({ id }, now, { before, after }) {
    if (now.days === before.days) return [];
    return now.days === after.days ? [retention(id, before.days)] : undefined;
  },

  list: (_, aws) => listClusters(aws),
});

const retention = (ClusterIdentifier: string, AutomatedSnapshotRetentionPeriod: number) =>
  new ModifyClusterCommand({ ClusterIdentifier, AutomatedSnapshotRetentionPeriod });
