import { IAMClient } from '@aws-sdk/client-iam';
import { type DBInstance, ModifyDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import * as z from 'zod';
import { exactly, integer } from '../detector-parameters';
import { namedRoleArn, namedRoleReading, servicesTrustedBy } from '../iam/named-role/read';
import { type Aws, defineRule, notFound, type Obstacle, type Place } from '../rule';
import { describeInstance, instances, listInstances } from './db-instance/describe';
import { multiAzClusterOf } from './db-instance/multi-az-cluster';
import { dbInstance } from './db-instance/resource';
import { hindrance, obstacleBy } from './status/obstacle';

const service = 'monitoring.rds.amazonaws.com';

const parameters = z.strictObject({
  monitoringRole: z
    .string()
    .regex(/^([\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/)
    .describe(
      'The name of an existing role in the account of the instance, with its path if it has one (`rds-monitoring-role`). It must trust monitoring.rds.amazonaws.com and have the policy AmazonRDSEnhancedMonitoringRole.',
    ),
  monitoringInterval: z
    .literal([1, 5, 10, 15, 30, 60])
    .optional()
    .describe(
      'The maximum interval between two measurements in seconds; a shorter one is kept. Default: the interval of the instance, or 60 if it has none.',
    ),
});

/** `interval`: in seconds, 0 if monitoring is off. A leftover role is not part of the state then. */
type State = {
  readonly interval: number;
  readonly role?: string;
  readonly status?: string;
  /** Why the role of the parameter can't be used, if the instance has none yet. */
  readonly unready?: Obstacle;
  /** Why the instance has no enhanced monitoring of its own. */
  readonly none?: Obstacle;
};

export default defineRule({
  id: 'rds-instance-monitoring-enhanced',
  title: 'RDS DB instances have enhanced monitoring enabled',
  why: 'Database logs and standard metrics do not show which processes use the CPU and memory of an instance.',
  impact: 'None for clients. The metrics go to CloudWatch Logs (RDSOSMetrics), which charges for them; shorter intervals cost more.',
  severity: 'low',
  risk: 'safe',
  resource: dbInstance,
  property: 'MonitoringInterval',
  detectedBy: { securityHub: ['RDS.6'], config: ['rds-enhanced-monitoring-enabled'] },
  detectorParameters: {
    'RDS.6': { monitoringInterval: exactly('monitoringInterval', integer) },
    'rds-enhanced-monitoring-enabled': { monitoringInterval: exactly('monitoringInterval', integer) },
  },
  permissions: {
    inspect: [{ actions: ['rds:DescribeDBInstances'], on: instances }, namedRoleReading],
    change: [
      { actions: ['rds:ModifyDBInstance'], on: instances },
      {
        actions: ['iam:PassRole'],
        on: 'arn:{partition}:iam::{account}:role/*',
        condition: { StringEquals: { 'iam:PassedToService': service } },
      },
    ],
  },
  clients: [RDSClient, IAMClient],
  commands: [ModifyDBInstanceCommand],
  parameters,
  settle: 600,

  async inspect(resource, aws, given): Promise<State | typeof notFound> {
    const instance = await describeInstance(resource.id, aws);
    if (!instance) return notFound;
    const none = reasonWhyNot(instance);
    const { MonitoringInterval: interval = 0, MonitoringRoleArn: role, DBInstanceStatus } = instance;
    const unready = interval === 0 && none === undefined && given ? await unreadiness(resource, given.monitoringRole, aws) : undefined;
    return {
      interval,
      ...(interval > 0 && role && { role }),
      ...hindrance(DBInstanceStatus),
      ...(unready && { unready }),
      ...(none && { none }),
    };
  },

  plan(resource, state, { parameters: { monitoringRole, monitoringInterval }, demanded }) {
    const { interval, role, status, unready, none } = state;
    const sought = demanded?.monitoringInterval;
    if (sought !== undefined && interval > 0 && interval < sought)
      return {
        unfixable: `The instance is measured every ${interval} seconds, and the detector accepts only ${sought}. That is stricter than asked, and the rule weakens nothing.`,
        code: 'stricter-than-asked',
      };
    if (interval > 0 && interval <= (monitoringInterval ?? interval)) return [];
    if (none !== undefined) return none;
    if (unready !== undefined) return unready;
    if (status !== undefined) return obstacleBy('instance', status);
    const expected = {
      interval: monitoringInterval ?? 60,
      role: role ?? namedRoleArn(resource, monitoringRole),
    };
    return [{ do: monitoring(resource.id, expected), undo: monitoring(resource.id, state) }];
  },

  // The status may have changed since; it does not matter here.
  revertOwnPart({ id }, now, { before, after }) {
    if (now.interval === before.interval && now.role === before.role) return [];
    return now.interval === after.interval && now.role === after.role ? [monitoring(id, before)] : undefined;
  },

  list: (_, aws) => listInstances(aws, (instance) => reasonWhyNot(instance) === undefined),
});

// AWS applies it immediately. ApplyImmediately would also apply other changes that wait for the maintenance window.
const monitoring = (DBInstanceIdentifier: string, { interval, role }: Pick<State, 'interval' | 'role'>) =>
  new ModifyDBInstanceCommand({ DBInstanceIdentifier, MonitoringInterval: interval, ...(role && { MonitoringRoleArn: role }) });

async function unreadiness(place: Place, monitoringRole: string, aws: Aws): Promise<Obstacle | undefined> {
  const trusted = await servicesTrustedBy(place, monitoringRole, aws);
  if (trusted === undefined)
    return {
      unfixable: `The role ${monitoringRole} does not exist in the account. Create it, or set monitoringRole to another role.`,
      code: 'role-not-found',
    };
  return trusted.includes(service)
    ? undefined
    : { unfixable: `The role ${monitoringRole} does not allow ${service} to assume it.`, code: 'role-not-assumable' };
}

function reasonWhyNot(instance: DBInstance): Obstacle | undefined {
  const { Engine = '' } = instance;
  const cluster = multiAzClusterOf(instance);
  if (cluster !== undefined)
    return {
      unfixable: `The instance is a member of the Multi-AZ DB cluster ${cluster}, whose members can't be modified. Enable enhanced monitoring on the cluster.`,
      code: 'cluster-member',
    };
  if (Engine.startsWith('custom-') || Engine === 'docdb' || Engine === 'neptune')
    return { unfixable: `Enhanced monitoring is not supported for ${Engine}.`, code: 'not-supported' };
  return undefined;
}
