import { type DBInstance, ModifyDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import * as z from 'zod';
import { defineRule, gone } from '../rule';
import { describeInstance, instances, listInstances } from './db-instance/describe';
import { dbInstance } from './db-instance/resource';
import { endingOwn, exporting, type Turn } from './log-exports/change';
import { hindrance, obstacleBy } from './status/obstacle';

const parameters = z.strictObject({
  logTypes: z
    .array(z.string().regex(/^[a-z.-]{1,40}$/))
    .min(1)
    .optional()
    .describe('The logs to export, as AWS names them for the engine (`error`). If left out: those that the control asks for.'),
});

type State = {
  readonly engine: string;
  readonly exported: readonly string[];
  readonly status?: string;
  /** Why the instance exports no logs of its own. */
  readonly none?: string;
};

/** What the controls for a single engine ask for; RDS.9 asks for more. */
const postgresql = ['postgresql'];
const sqlServer = ['agent', 'error'];
const mariadb = ['audit', 'error'];
const logsOfControl: Readonly<Record<string, readonly string[]>> = {
  'RDS.36': postgresql,
  'rds-postgresql-logs-to-cloudwatch': postgresql,
  'RDS.40': sqlServer,
  'rds-sql-server-logs-to-cloudwatch': sqlServer,
  'RDS.42': mariadb,
  'mariadb-publish-logs-to-cloudwatch-logs': mariadb,
};

const logsOfEngine: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^oracle-/, ['alert', 'audit', 'listener', 'trace']],
  [/^postgres$/, ['postgresql', 'upgrade']],
  [/^(mysql|mariadb)$/, ['audit', 'error', 'general', 'slowquery']],
  [/^sqlserver-/, ['agent', 'error']],
];

// AWS refuses the whole call where it names a log that the engine does not have.
const hasNot: Readonly<Record<string, string>> = { 'sqlserver-ex': 'agent' };

export default defineRule({
  id: 'rds-instance-logs-exported',
  title: 'RDS DB instances send their logs to CloudWatch Logs',
  why: 'On the instance logs are deleted after days, and whoever gets hold of the instance can change them.',
  impact:
    'CloudWatch Logs bills what is sent by the gigabyte: a general log of MySQL has every statement. A log that the parameter group or the option group does not turn on stays empty: audit, general, slowquery. What was sent stays after a rollback.',
  severity: 'medium',
  risk: 'safe',
  resource: dbInstance,
  property: 'EnableCloudwatchLogsExports',
  detectedBy: {
    securityHub: ['RDS.9', 'RDS.36', 'RDS.40', 'RDS.42'],
    config: [
      'rds-logging-enabled',
      'rds-postgresql-logs-to-cloudwatch',
      'rds-sql-server-logs-to-cloudwatch',
      'mariadb-publish-logs-to-cloudwatch-logs',
    ],
  },
  permissions: {
    inspect: { actions: ['rds:DescribeDBInstances'], on: instances },
    change: { actions: ['rds:ModifyDBInstance'], on: instances },
  },
  clients: [RDSClient],
  commands: [ModifyDBInstanceCommand],
  parameters,
  settle: 900,

  async inspect({ id }, aws): Promise<State | typeof gone> {
    const instance = await describeInstance(id, aws);
    if (!instance) return gone;
    const { Engine: engine = '', EnabledCloudwatchLogsExports = [], DBInstanceStatus } = instance;
    const none = reasonWhyNot(instance);
    return {
      engine,
      exported: EnabledCloudwatchLogsExports.toSorted(),
      ...hindrance(DBInstanceStatus),
      ...(none !== undefined && { none }),
    };
  },

  plan({ id }, { engine, exported, status, none }, { parameters: { logTypes }, detectedBy }) {
    const wished = logTypes ?? (logsOfControl[detectedBy] ?? logsOf(engine))?.filter((log) => log !== hasNot[engine]);
    if (none !== undefined) return { unfixable: none };
    if (wished === undefined) return { unfixable: `Which logs ${engine} should export is not known here: name them, by logTypes.` };
    const changes = exporting(exported, wished, turning(id));
    return changes.length > 0 && status !== undefined ? obstacleBy('instance', status) : changes;
  },

  takeBack: ({ id }, now, { before, after }) => endingOwn({ before, after, now }, turning(id)),

  list: (_, aws) => listInstances(aws, (instance) => reasonWhyNot(instance) === undefined),
});

const logsOf = (engine: string): readonly string[] | undefined => logsOfEngine.find(([name]) => name.test(engine))?.[1];

// Applied at once in any case. ApplyImmediately would apply all else that waits for the maintenance window too.
const turning =
  (DBInstanceIdentifier: string): Turn =>
  (CloudwatchLogsExportConfiguration) =>
    new ModifyDBInstanceCommand({ DBInstanceIdentifier, CloudwatchLogsExportConfiguration });

function reasonWhyNot({ DBClusterIdentifier, Engine = '' }: DBInstance): string | undefined {
  if (DBClusterIdentifier !== undefined)
    return `The instance is a member of the DB cluster ${DBClusterIdentifier}, which alone exports logs: let the cluster export them.`;
  if (Engine.startsWith('custom-')) return `AWS RDS Custom (${Engine}) exports no logs: its owner sends them.`;
  return undefined;
}
