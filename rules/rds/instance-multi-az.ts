import { type DBInstance, ModifyDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import * as z from 'zod';
import { defineRule, notFound, type Obstacle } from '../rule';
import { describeInstance, instances, listInstances } from './db-instance/describe';
import { dbInstance } from './db-instance/resource';
import { hindrance, obstacleBy } from './status/obstacle';

const parameters = z.strictObject({
  applyImmediately: z
    .boolean()
    .default(false)
    .describe(
      'Whether the standby is created immediately instead of in the maintenance window. If other changes wait for that window, it happens there anyway: AWS would apply them immediately too.',
    ),
});

/** For a Single-AZ instance: `window`, in which its pending standby is created; `others`: other changes wait for that window. */
type State = {
  readonly multiAz: boolean;
  readonly window?: string;
  readonly others?: true;
  readonly status?: string;
  /** Why the instance can't have a standby of its own. */
  readonly none?: Obstacle;
};

const week = 7 * 86_400;

export default defineRule({
  id: 'rds-instance-multi-az',
  title: 'RDS DB instances have a standby in another Availability Zone',
  why: 'If its Availability Zone or host fails, an instance without a standby is unavailable until it is recovered or replaced.',
  impact:
    'The instance costs about twice as much. Reads are slower while the standby is created, by default in the maintenance window; writes are slower from then on, as they go to both zones. A rollback takes effect in the next maintenance window.',
  severity: 'medium',
  risk: 'disruptive',
  resource: dbInstance,
  property: 'MultiAZ',
  detectedBy: { securityHub: ['RDS.5'], config: ['rds-multi-az-support'] },
  permissions: {
    inspect: { actions: ['rds:DescribeDBInstances'], on: instances },
    change: { actions: ['rds:ModifyDBInstance'], on: instances },
  },
  clients: [RDSClient],
  commands: [ModifyDBInstanceCommand],
  parameters,
  // The next maintenance window is at most a week away; creating the standby takes time after that.
  settle: week + 86_400,

  async inspect({ id }, aws): Promise<State | typeof notFound> {
    const instance = await describeInstance(id, aws);
    if (!instance) return notFound;
    if (instance.MultiAZ) return { multiAz: true };
    const { MultiAZ: decided, ...others } = instance.PendingModifiedValues ?? {};
    const none = reasonWhyNot(instance) ?? reasonWhyNotYet(instance);
    return {
      multiAz: false,
      ...(decided && { window: instance.PreferredMaintenanceWindow ?? 'unknown' }),
      ...(Object.values(others).some((value) => value !== undefined) && { others: true as const }),
      ...hindrance(instance.DBInstanceStatus),
      ...(none !== undefined && { none }),
    };
  },

  plan({ id }, { multiAz, window, others, status, none }, { parameters: { applyImmediately } }) {
    if (multiAz) return [];
    if (none !== undefined) return none;
    if (window !== undefined)
      return {
        blocked: `The standby will be created in the maintenance window (${window}, UTC). Until then, the instance is Single-AZ.`,
        code: 'waiting-for-maintenance-window',
      };
    if (status !== undefined) return obstacleBy('instance', status);
    const now = applyImmediately && others === undefined;
    return [{ do: standby(id, true, now), undo: standby(id, false) }];
  },

  revertOwnPart: ({ id }, { multiAz, window }) => (multiAz || window !== undefined ? [standby(id, false)] : []),

  list: (_, aws) => listInstances(aws, (instance) => reasonWhyNot(instance) === undefined),
});

const standby = (DBInstanceIdentifier: string, MultiAZ: boolean, now = false) =>
  new ModifyDBInstanceCommand({ DBInstanceIdentifier, MultiAZ, ...(now && { ApplyImmediately: true }) });

function reasonWhyNot({ DBClusterIdentifier, Engine = '' }: DBInstance): Obstacle | undefined {
  if (DBClusterIdentifier !== undefined)
    return {
      unfixable: `The instance is a member of the DB cluster ${DBClusterIdentifier}, which spans Availability Zones through its members. Add a member in another zone to the cluster.`,
      code: 'cluster-member',
    };
  if (Engine === 'sqlserver-ex')
    return { unfixable: 'SQL Server Express does not support Multi-AZ deployments. Use another edition.', code: 'not-supported' };
  if (Engine.startsWith('custom-'))
    return { unfixable: `This rule does not change Amazon RDS Custom instances (${Engine}).`, code: 'not-supported' };
  return undefined;
}

const reasonWhyNotYet = ({ Engine = '', BackupRetentionPeriod }: DBInstance): Obstacle | undefined =>
  Engine.startsWith('sqlserver-') && BackupRetentionPeriod === 0
    ? { unfixable: 'SQL Server requires automated backups for a standby. Enable them first.', code: 'backups-off' }
    : undefined;
