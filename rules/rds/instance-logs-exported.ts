import { type DBInstance, ModifyDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import * as z from 'zod';
import { allOf } from '../detector-parameters';
import { defineRule, notFound, type Obstacle } from '../rule';
import { describeInstance, instances, listInstances } from './db-instance/describe';
import { dbInstance } from './db-instance/resource';
import { endingOwn, exporting, type Turn } from './log-exports/change';
import { hindrance, obstacleBy } from './status/obstacle';

const parameters = z.strictObject({
  logTypes: z
    .array(z.string().regex(/^[a-z.-]{1,40}$/))
    .min(1)
    .optional()
    .describe('The log types to export, by their names in RDS (`error`). Default: those that the control requires.'),
});

type State = {
  readonly engine: string;
  readonly exported: readonly string[];
  readonly status?: string;
  /** Why the instance exports no logs of its own. */
  readonly none?: Obstacle;
};

/** The logs that the controls for a single engine require; RDS.9 requires more. */
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

// AWS rejects the whole call if it names a log that the engine does not have.
const hasNot: Readonly<Record<string, string>> = { 'sqlserver-ex': 'agent' };

export default defineRule({
  id: 'rds-instance-logs-exported',
  title: 'RDS DB instances publish logs to CloudWatch Logs',
  why: 'Logs on the instance are deleted after days, and an attacker who takes over the instance can change them.',
  impact:
    'CloudWatch Logs charges by the gigabyte; the MySQL general log contains every statement. The audit, general and slowquery logs stay empty until the parameter group or option group enables them. Published logs are kept after a rollback.',
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
  detectorParameters: {
    'RDS.36': { logTypes: allOf('logTypes') },
    'RDS.40': { logTypes: allOf('logTypes') },
    'RDS.42': { logTypes: allOf('logTypes') },
    'rds-logging-enabled': {
      additionalLogs: { unmappable: 'The rule reads no list of logs by engine. Set logTypes in the policy, and exempt other engines.' },
    },
    'rds-postgresql-logs-to-cloudwatch': { logTypes: allOf('logTypes') },
    'rds-sql-server-logs-to-cloudwatch': { logTypes: allOf('logTypes') },
    'mariadb-publish-logs-to-cloudwatch-logs': { logTypes: allOf('logTypes') },
  },
  permissions: {
    inspect: { actions: ['rds:DescribeDBInstances'], on: instances },
    change: { actions: ['rds:ModifyDBInstance'], on: instances },
  },
  clients: [RDSClient],
  commands: [ModifyDBInstanceCommand],
  parameters,
  settle: 900,

  async inspect({ id }, aws): Promise<State | typeof notFound> {
    const instance = await describeInstance(id, aws);
    if (!instance) return notFound;
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
    const required = logTypes ?? logsOfControl[detectedBy] ?? logsOf(engine);
    const expected = required?.filter((log) => log !== hasNot[engine]);
    if (none !== undefined) return none;
    if (expected === undefined)
      return {
        unfixable: `This rule has no default log types for the engine ${engine}. Set the parameter logTypes.`,
        code: 'log-types-not-set',
      };
    const changes = exporting(exported, expected, turning(id));
    if (changes.length === 0 && expected.length < (required ?? []).length)
      return {
        unfixable: `The engine ${engine} has no log ${hasNot[engine]}, which the detector requires. Set logTypes to the logs that it has, or exempt the instance by a tag.`,
        code: 'log-not-supported',
      };
    return changes.length > 0 && status !== undefined ? obstacleBy('instance', status) : changes;
  },

  revertOwnPart: ({ id }, now, { before, after }) => endingOwn({ before, after, now }, turning(id)),

  list: (_, aws) => listInstances(aws, (instance) => reasonWhyNot(instance) === undefined),
});

const logsOf = (engine: string): readonly string[] | undefined => logsOfEngine.find(([name]) => name.test(engine))?.[1];

// AWS applies it immediately. ApplyImmediately would also apply other changes that wait for the maintenance window.
const turning =
  (DBInstanceIdentifier: string): Turn =>
  (CloudwatchLogsExportConfiguration) =>
    new ModifyDBInstanceCommand({ DBInstanceIdentifier, CloudwatchLogsExportConfiguration });

function reasonWhyNot({ DBClusterIdentifier, Engine = '' }: DBInstance): Obstacle | undefined {
  if (DBClusterIdentifier !== undefined)
    return {
      unfixable: `The instance is a member of the DB cluster ${DBClusterIdentifier}, which exports the logs. Enable the export there.`,
      code: 'cluster-member',
    };
  if (Engine.startsWith('custom-'))
    return { unfixable: `Amazon RDS Custom (${Engine}) does not support log exports. Publish the logs yourself.`, code: 'not-supported' };
  return undefined;
}
