import { type DBInstance, ModifyDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import * as z from 'zod';
import { defineRule, gone } from '../rule';
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
    .describe('How many days automated backups are kept at least. An instance that keeps them longer is left as it is.'),
  checkReadReplicas: z.boolean().default(false).describe('Whether read replicas have to have backups of their own.'),
  applyImmediately: z
    .boolean()
    .default(false)
    .describe(
      'Whether backups are turned on at once, and not in the maintenance window. Where other changes wait for that window it is done there all the same: AWS would apply those at once too.',
    ),
});

/** `decided` days come in the maintenance `window`; `others`: other changes wait for it. */
type State = {
  readonly days: number;
  readonly decided?: number;
  readonly window?: string;
  readonly others?: true;
  readonly replica?: true;
  readonly status?: string;
  /** Why the instance has no backups of its own, or not in the hands of RDS. */
  readonly none?: string;
};

const week = 7 * 86_400;

export default defineRule({
  id: 'rds-instance-backups-kept',
  title: 'RDS DB instances are backed up every day, and keep their backups for a week',
  why: 'Without automated backups there is no way back from a mistake in the data, nor from the loss of the storage.',
  impact:
    'Where there were no backups, input and output stop for some seconds to minutes as they are turned on, in the maintenance window if not said otherwise; an instance in one zone is slower while it is backed up each day. Backups beyond the size of the database are billed. A rollback deletes the backups made until then.',
  severity: 'medium',
  risk: 'disruptive',
  resource: dbInstance,
  property: 'BackupRetentionPeriod',
  detectedBy: { securityHub: ['RDS.11'], config: ['db-instance-backup-enabled'] },
  permissions: {
    inspect: { actions: ['rds:DescribeDBInstances'], on: instances },
    change: { actions: ['rds:ModifyDBInstance'], on: instances },
  },
  clients: [RDSClient],
  commands: [ModifyDBInstanceCommand],
  parameters,
  // The next maintenance window is a week away at most.
  settle: week + 86_400,

  async inspect({ id }, aws): Promise<State | typeof gone> {
    const instance = await describeInstance(id, aws);
    if (!instance) return gone;
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
    if (none !== undefined) return { unfixable: none };
    if (decided !== undefined && decided >= retentionDays)
      return { blocked: `The instance gets its backups in its maintenance window (${window}, UTC), and has none until then.` };
    if (status !== undefined) return obstacleBy('instance', status);
    // From one number of days to another is applied at once in any case.
    const now = applyImmediately && days === 0 && others === undefined;
    return [{ do: retention(id, retentionDays, now), undo: retention(id, days) }];
  },

  takeBack({ id }, now, { before, after }) {
    const wished = now.decided ?? now.days;
    if (wished === before.days) return [];
    return wished === (after.decided ?? after.days) ? [retention(id, before.days)] : undefined;
  },

  list: (_, aws) => listInstances(aws, (instance) => reasonWhyNot(instance) === undefined),
});

const retention = (DBInstanceIdentifier: string, BackupRetentionPeriod: number, now = false) =>
  new ModifyDBInstanceCommand({ DBInstanceIdentifier, BackupRetentionPeriod, ...(now && { ApplyImmediately: true }) });

const reasonWhyNot = ({ DBClusterIdentifier }: DBInstance): string | undefined =>
  DBClusterIdentifier === undefined
    ? undefined
    : `The instance is a member of the DB cluster ${DBClusterIdentifier}, which alone is backed up: set how long it keeps its backups.`;
