import { ModifyDBClusterCommand, RDSClient } from '@aws-sdk/client-rds';
import * as z from 'zod';
import { defineRule, notFound } from '../rule';
import { clusters, describeCluster, listClusters } from './db-cluster/describe';
import { dbCluster } from './db-cluster/resource';
import { endingOwn, exporting, type Turn } from './log-exports/change';
import { hindrance, obstacleBy } from './status/obstacle';

const parameters = z.strictObject({
  logTypes: z
    .array(z.string().regex(/^[a-z.-]{1,40}$/))
    .min(1)
    .optional()
    .describe('The log types to export, by their names in RDS (`error`). Default: those that the control requires.'),
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
  title: 'Aurora, Neptune and DocumentDB clusters publish audit logs to CloudWatch Logs',
  why: 'Without an audit log outside the cluster, nobody can tell afterward who did what to the data.',
  impact:
    'CloudWatch Logs charges by the gigabyte. An audit log stays empty until the parameter group of the cluster enables it (server_audit_logging, neptune_enable_audit_log, audit_logs). Published logs are kept after a rollback.',
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

  async inspect({ id }, aws): Promise<State | typeof notFound> {
    const cluster = await describeCluster(id, aws);
    if (!cluster) return notFound;
    const { Engine: engine = '', EnabledCloudwatchLogsExports = [], Status } = cluster;
    return { engine, exported: EnabledCloudwatchLogsExports.toSorted(), ...hindrance(Status) };
  },

  plan({ id }, { engine, exported, status }, { parameters: { logTypes } }) {
    const expected = logTypes ?? logsOfEngine[engine];
    if (expected === undefined)
      return {
        unfixable: `This rule has no default log types for the engine ${engine}. Set the parameter logTypes.`,
        code: 'log-types-not-set',
      };
    const changes = exporting(exported, expected, turning(id));
    return changes.length > 0 && status !== undefined ? obstacleBy('cluster', status) : changes;
  },

  revertOwnPart: ({ id }, now, { before, after }) => endingOwn({ before, after, now }, turning(id)),

  list: (_, aws) => listClusters(aws, ({ Engine = '' }) => Object.hasOwn(logsOfEngine, Engine)),
});

// AWS applies it immediately. ApplyImmediately would also apply other changes that wait for the maintenance window.
const turning =
  (DBClusterIdentifier: string): Turn =>
  (CloudwatchLogsExportConfiguration) =>
    new ModifyDBClusterCommand({ DBClusterIdentifier, CloudwatchLogsExportConfiguration });
