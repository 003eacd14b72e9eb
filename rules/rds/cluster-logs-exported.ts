import { ModifyDBClusterCommand, RDSClient } from '@aws-sdk/client-rds';
import * as z from 'zod';
import { defineRule, gone } from '../rule';
import { clusters, describeCluster, listClusters } from './db-cluster/describe';
import { dbCluster } from './db-cluster/resource';
import { endingOwn, exporting, type Turn } from './log-exports/change';
import { hindrance, obstacleBy } from './status/obstacle';

const parameters = z.strictObject({
  logTypes: z
    .array(z.string().regex(/^[a-z.-]{1,40}$/))
    .min(1)
    .optional()
    .describe('The logs to export, as AWS names them for the engine (`error`). If left out: those that the control asks for.'),
});

type State = { readonly engine: string; readonly exported: readonly string[]; readonly status?: string };

const logsOfEngine: Readonly<Record<string, readonly string[]>> = {
  'aurora-mysql': ['audit'],
  'aurora-postgresql': ['postgresql'],
  neptune: ['audit'],
  docdb: ['audit'],
};

export default defineRule({
  id: 'rds-cluster-logs-exported',
  title: 'DB clusters of Aurora, Neptune and DocumentDB send their logs to CloudWatch Logs',
  why: 'Without the audit log outside the cluster, nobody can tell afterwards who did what to the data.',
  impact:
    'CloudWatch Logs bills what is sent by the gigabyte. An audit log stays empty as long as the parameter group of the cluster does not turn it on (server_audit_logging, neptune_enable_audit_log, audit_logs). What was sent stays after a rollback.',
  severity: 'medium',
  risk: 'safe',
  resource: dbCluster,
  property: 'EnableCloudwatchLogsExports',
  detectedBy: {
    securityHub: ['RDS.34', 'RDS.37', 'Neptune.2', 'DocumentDB.4'],
    config: [
      'rds-aurora-mysql-audit-logging-enabled',
      'rds-aurora-postgresql-logs-to-cloudwatch',
      'neptune-cluster-cloudwatch-log-export-enabled',
      'docdb-cluster-audit-logging-enabled',
    ],
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
    const { Engine: engine = '', EnabledCloudwatchLogsExports = [], Status } = cluster;
    return { engine, exported: EnabledCloudwatchLogsExports.toSorted(), ...hindrance(Status) };
  },

  plan({ id }, { engine, exported, status }, { parameters: { logTypes } }) {
    const wished = logTypes ?? logsOfEngine[engine];
    if (wished === undefined) return { unfixable: `Which logs ${engine} should export is not known here: name them, by logTypes.` };
    const changes = exporting(exported, wished, turning(id));
    return changes.length > 0 && status !== undefined ? obstacleBy('cluster', status) : changes;
  },

  takeBack: ({ id }, now, { before, after }) => endingOwn({ before, after, now }, turning(id)),

  list: (_, aws) => listClusters(aws, ({ Engine = '' }) => Object.hasOwn(logsOfEngine, Engine)),
});

// Applied at once in any case. ApplyImmediately would apply all else that waits for the maintenance window too.
const turning =
  (DBClusterIdentifier: string): Turn =>
  (CloudwatchLogsExportConfiguration) =>
    new ModifyDBClusterCommand({ DBClusterIdentifier, CloudwatchLogsExportConfiguration });
