import { type DBInstance, ModifyDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import * as z from 'zod';
import { atLeast, required } from '../detector-parameters';
import { defineRule, notFound, type Obstacle } from '../rule';
import { keptByPlan } from './backup-plan/keeper';
import { describeInstance, instances, listInstances } from './db-instance/describe';
import { dbInstance } from './db-instance/resource';
import { hindrance, obstacleBy } from './status/obstacle';

const parameters = z.strictObject({
  retentionDays: z
    .int()
    .min(1)
    .max(35)
    .default(7)
    .describe('The minimum retention of automated backups in days. An instance that keeps them longer is not changed.'),
  checkReadReplicas: z.boolean().default(false).describe('Whether read replicas must have backups of their own.'),
  applyImmediately: z
    .boolean()
    .default(false)
    .describe(
      'Whether backups are enabled immediately instead of in the maintenance window. If other changes wait for that window, it happens there anyway: AWS would apply them immediately too.',
    ),
});

/** `decided`: the days that take effect in the maintenance `window`. `others`: other changes wait for it. */
type State = {
  readonly days: number;
  readonly decided?: number;
  readonly window?: string;
  readonly others?: true;
  readonly replica?: true;
  readonly status?: string;
  /** Why the instance has no backups of its own, or RDS does not manage them. */
  readonly none?: Obstacle;
};

const week = 7 * 86_400;

export default defineRule({
  id: 'rds-instance-backups-kept',
  title: 'RDS DB instances have automated backups with at least 7 days of retention',
  why: 'Without automated backups, corrupted data or lost storage cannot be restored.',
  impact:
    'Enabling backups suspends I/O for seconds to minutes, by default in the maintenance window. A Single-AZ instance is slower during its daily backup. Backup storage beyond the size of the database is charged. A rollback deletes backups older than the former retention period, or all if backups were off.',
  severity: 'medium',
  risk: 'disruptive',
  resource: dbInstance,
  property: 'BackupRetentionPeriod',
  detectedBy: { securityHub: ['RDS.11'], config: ['db-instance-backup-enabled'] },
  detectorParameters: {
    'RDS.11': { backupRetentionMinimum: atLeast('retentionDays'), checkReadReplicas: required('checkReadReplicas') },
    'db-instance-backup-enabled': {
      backupRetentionMinimum: atLeast('retentionDays'),
      backupRetentionPeriod: { unmappable: 'It demands exactly that retention, and the rule never shortens one.' },
      preferredBackupWindow: { unmappable: 'The rule does not choose the backup window.' },
      checkReadReplicas: required('checkReadReplicas'),
    },
  },
  permissions: {
    inspect: { actions: ['rds:DescribeDBInstances'], on: instances },
    change: { actions: ['rds:ModifyDBInstance'], on: instances },
  },
  clients: [RDSClient],
  commands: [ModifyDBInstanceCommand],
  parameters,
  // The next maintenance window is at most a week away.
  settle: week + 86_400,

  async inspect({ id }, aws): Promise<State | typeof notFound> {
    const instance = await describeInstance(id, aws);
    if (!instance) return notFound;
    const { BackupRetentionPeriod: decided, ...others } = instance.PendingModifiedValues ?? {};
    const { ReadReplicaSourceDBInstanceIdentifier, ReadReplicaSourceDBClusterIdentifier } = instance;
    const none = reasonWhyNot(instance) ?? keptByPlan(instance);
    return {
      days: instance.BackupRetentionPeriod ?? 0,
      ...(decided !== undefined && { decided, window: instance.PreferredMaintenanceWindow ?? 'unknown' }),
      ...(Object.values(others).some((value) => value !== undefined) && { others: true as const }),
      ...((ReadReplicaSourceDBInstanceIdentifier ?? ReadReplicaSourceDBClusterIdentifier) !== undefined && { replica: true as const }),
      ...hindrance(instance.DBInstanceStatus),
      ...(none !== undefined && { none }),
    };
  },

  plan({ id }, state, { parameters: { retentionDays, checkReadReplicas, applyImmediately } }) {
    const { days, decided, window, others, replica, status, none } = state;
    if (days >= retentionDays || (replica && !checkReadReplicas)) return [];
    if (none !== undefined) return none;
    if (decided !== undefined && decided >= retentionDays)
      return {
        blocked: `Backups will be enabled in the maintenance window (${window}, UTC). Until then, the instance has none.`,
        code: 'waiting-for-maintenance-window',
      };
    if (status !== undefined) return obstacleBy('instance', status);
    // AWS applies a change from one number of days to another immediately.
    const now = applyImmediately && days === 0 && others === undefined;
    return [{ do: retention(id, retentionDays, now), undo: retention(id, expected(state)) }];
  },

  revertOwnPart({ id }, now, { before, after }) {
    if (expected(now) === expected(before)) return [];
    return expected(now) === expected(after) ? [retention(id, expected(before))] : undefined;
  },

  list: (_, aws) => listInstances(aws, (instance) => reasonWhyNot(instance) === undefined),
});

const expected = ({ days, decided }: State): number => decided ?? days;

const retention = (DBInstanceIdentifier: string, BackupRetentionPeriod: number, now = false) =>
  new ModifyDBInstanceCommand({ DBInstanceIdentifier, BackupRetentionPeriod, ...(now && { ApplyImmediately: true }) });

const reasonWhyNot = ({ DBClusterIdentifier }: DBInstance): Obstacle | undefined =>
  DBClusterIdentifier === undefined
    ? undefined
    : {
        unfixable: `The instance is a member of the DB cluster ${DBClusterIdentifier}, which manages the backups. Set the retention of the cluster.`,
        code: 'cluster-member',
      };
