import { type DBInstance, ModifyDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import * as z from 'zod';
import { defineRule, gone } from '../rule';
import { describeInstance, instances, listInstances } from './db-instance/describe';
import { dbInstance } from './db-instance/resource';
import { hindrance, obstacleBy } from './status/obstacle';

const parameters = z.strictObject({
  applyImmediately: z
    .boolean()
    .default(false)
    .describe(
      'Whether the standby is made at once, and not in the maintenance window. Where other changes wait for that window it is made there all the same: AWS would apply those at once too.',
    ),
});

/** Of an instance in one zone: the `window` in which it gets its standby, where that is decided; whether `others`, other changes, wait for it. */
type State = {
  readonly multiAz: boolean;
  readonly window?: string;
  readonly others?: true;
  readonly status?: string;
  /** Why the instance can't have a standby of its own. */
  readonly none?: string;
};

const week = 7 * 86_400;

export default defineRule({
  id: 'rds-instance-multi-az',
  title: 'RDS DB instances have a standby in another availability zone',
  why: 'When its zone fails, or its host, an instance without a standby is not available until AWS or somebody has made it anew.',
  impact:
    'The instance costs about twice as much. While the standby is made, in the maintenance window if not said otherwise, reads are slower; from then on writes are, as they go to both zones. A rollback takes effect in the next maintenance window.',
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
  // The next maintenance window is a week away at most; then the standby is made.
  settle: week + 86_400,

  async inspect({ id }, aws): Promise<State | typeof gone> {
    const instance = await describeInstance(id, aws);
    if (!instance) return gone;
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
    if (none !== undefined) return { unfixable: none };
    if (window !== undefined)
      return { blocked: `The instance gets its standby in its maintenance window (${window}, UTC), and is in one zone until then.` };
    if (status !== undefined) return obstacleBy('instance', status);
    const now = applyImmediately && others === undefined;
    return [{ do: standby(id, true, now), undo: standby(id, false) }];
  },

  takeBack: ({ id }, { multiAz, window }) => (multiAz || window !== undefined ? [standby(id, false)] : []),

  list: (_, aws) => listInstances(aws, (instance) => reasonWhyNot(instance) === undefined),
});

const standby = (DBInstanceIdentifier: string, MultiAZ: boolean, now = false) =>
  new ModifyDBInstanceCommand({ DBInstanceIdentifier, MultiAZ, ...(now && { ApplyImmediately: true }) });

function reasonWhyNot({ DBClusterIdentifier, Engine = '' }: DBInstance): string | undefined {
  if (DBClusterIdentifier !== undefined)
    return `The instance is a member of the DB cluster ${DBClusterIdentifier}, which stands in several zones by having other members there: add one to the cluster.`;
  if (Engine === 'sqlserver-ex') return 'SQL Server Express has no Multi-AZ deployments: move to another edition.';
  if (Engine.startsWith('custom-')) return `This setting is not for AWS RDS Custom (${Engine}).`;
  return undefined;
}

const reasonWhyNotYet = ({ Engine = '', BackupRetentionPeriod }: DBInstance): string | undefined =>
  Engine.startsWith('sqlserver-') && BackupRetentionPeriod === 0
    ? 'AWS RDS makes a standby of SQL Server only where there are automated backups: turn them on.'
    : undefined;
