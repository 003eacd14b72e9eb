import { IAMClient } from '@aws-sdk/client-iam';
import { type DBInstance, ModifyDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import * as z from 'zod';
import { namedRoleArn, namedRoleReading, servicesTrustedBy } from '../iam/named-role/read';
import { type Aws, defineRule, gone, type Place } from '../rule';
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
      'The name of a role in the account of the instance, with its path if it has one (`rds-monitoring-role`). It has to be there, to trust monitoring.rds.amazonaws.com, and to have the policy AmazonRDSEnhancedMonitoringRole.',
    ),
  monitoringInterval: z
    .literal([1, 5, 10, 15, 30, 60])
    .optional()
    .describe(
      'How many seconds may lie between two measurements; closer ones are kept. If left out: whatever an instance has, and 60 where there is none.',
    ),
});

/** `interval` is in seconds, 0 where nothing is measured; a role that is left over from an earlier time does not count. */
type State = {
  readonly interval: number;
  readonly role?: string;
  readonly status?: string;
  /** What the role that the owner names lacks, where the instance has none yet. */
  readonly unready?: string;
  /** Why the instance has no enhanced monitoring of its own. */
  readonly none?: string;
};

export default defineRule({
  id: 'rds-instance-monitoring-enhanced',
  title: 'RDS DB instances report what goes on in their operating system',
  why: 'Which processes take up the processor and the memory of a database shows neither in its log nor in its usual metrics.',
  impact: 'None for clients. The measurements go to CloudWatch Logs (RDSOSMetrics), which bills them: the closer they are, the more.',
  severity: 'low',
  risk: 'safe',
  resource: dbInstance,
  property: 'MonitoringInterval',
  detectedBy: { securityHub: ['RDS.6'], config: ['rds-enhanced-monitoring-enabled'] },
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

  async inspect(resource, aws, given): Promise<State | typeof gone> {
    const instance = await describeInstance(resource.id, aws);
    if (!instance) return gone;
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

  plan(resource, state, { parameters: { monitoringRole, monitoringInterval } }) {
    const { interval, role, status, unready, none } = state;
    if (interval > 0 && interval <= (monitoringInterval ?? interval)) return [];
    if (none !== undefined) return { unfixable: none };
    if (unready !== undefined) return { unfixable: unready };
    if (status !== undefined) return obstacleBy('instance', status);
    const wished = {
      interval: monitoringInterval ?? 60,
      role: role ?? namedRoleArn(resource, monitoringRole),
    };
    return [{ do: monitoring(resource.id, wished), undo: monitoring(resource.id, state) }];
  },

  // Its status alone may be another one since.
  takeBack({ id }, now, { before, after }) {
    if (now.interval === before.interval && now.role === before.role) return [];
    return now.interval === after.interval && now.role === after.role ? [monitoring(id, before)] : undefined;
  },

  list: (_, aws) => listInstances(aws, (instance) => reasonWhyNot(instance) === undefined),
});

// Applied at once in any case. ApplyImmediately would apply all else that waits for the maintenance window too.
const monitoring = (DBInstanceIdentifier: string, { interval, role }: Pick<State, 'interval' | 'role'>) =>
  new ModifyDBInstanceCommand({ DBInstanceIdentifier, MonitoringInterval: interval, ...(role && { MonitoringRoleArn: role }) });

async function unreadiness(place: Place, monitoringRole: string, aws: Aws): Promise<string | undefined> {
  const trusted = await servicesTrustedBy(place, monitoringRole, aws);
  if (trusted === undefined) return `There is no role ${monitoringRole} in the account: make it, or name another one as monitoringRole.`;
  return trusted.includes(service) ? undefined : `The role ${monitoringRole} doesn't let ${service} take it on.`;
}

function reasonWhyNot(instance: DBInstance): string | undefined {
  const { Engine = '' } = instance;
  const cluster = multiAzClusterOf(instance);
  if (cluster !== undefined)
    return `The instance is a member of the Multi-AZ DB cluster ${cluster}, whose members can't be changed: turn enhanced monitoring on for the cluster.`;
  if (Engine.startsWith('custom-') || Engine === 'docdb' || Engine === 'neptune') return `AWS has no enhanced monitoring for ${Engine}.`;
  return undefined;
}
