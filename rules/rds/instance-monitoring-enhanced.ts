import { type DBInstance, ModifyDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import * as z from 'zod';
import { defineRule, gone } from '../rule';
import { describeInstance, instances, listInstances } from './db-instance/describe';
import { multiAzClusterOf } from './db-instance/multi-az-cluster';
import { dbInstance } from './db-instance/resource';
import { hindrance, obstacleBy } from './status/obstacle';

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
    inspect: { actions: ['rds:DescribeDBInstances'], on: instances },
    change: [
      { actions: ['rds:ModifyDBInstance'], on: instances },
      {
        actions: ['iam:PassRole'],
        on: 'arn:{partition}:iam::{account}:role/*',
        condition: { StringEquals: { 'iam:PassedToService': 'monitoring.rds.amazonaws.com' } },
      },
    ],
  },
  clients: [RDSClient],
  commands: [ModifyDBInstanceCommand],
  parameters,
  settle: 600,

  async inspect({ id }, aws): Promise<State | typeof gone> {
    const instance = await describeInstance(id, aws);
    if (!instance) return gone;
    const none = reasonWhyNot(instance);
    const { MonitoringInterval: interval = 0, MonitoringRoleArn: role, DBInstanceStatus } = instance;
    return { interval, ...(interval > 0 && role && { role }), ...hindrance(DBInstanceStatus), ...(none && { none }) };
  },

  plan({ id, partition, account }, state, { parameters: { monitoringRole, monitoringInterval } }) {
    const { interval, role, status, none } = state;
    if (interval > 0 && interval <= (monitoringInterval ?? interval)) return [];
    if (none !== undefined) return { unfixable: none };
    if (status !== undefined) return obstacleBy('instance', status);
    const wished = {
      interval: monitoringInterval ?? 60,
      role: role ?? `arn:${partition}:iam::${account}:role/${monitoringRole}`,
    };
    return [{ do: monitoring(id, wished), undo: monitoring(id, state) }];
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

function reasonWhyNot(instance: DBInstance): string | undefined {
  const { Engine = '' } = instance;
  const cluster = multiAzClusterOf(instance);
  if (cluster !== undefined)
    return `The instance is a member of the Multi-AZ DB cluster ${cluster}, whose members can't be changed: turn enhanced monitoring on for the cluster.`;
  if (Engine.startsWith('custom-') || Engine === 'docdb' || Engine === 'neptune') return `AWS has no enhanced monitoring for ${Engine}.`;
  return undefined;
}
