import { type DBInstance, ModifyDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import { defineRule, notFound, type Obstacle } from '../rule';
import { describeInstance, instances, listInstances } from './db-instance/describe';
import { dbInstance } from './db-instance/resource';
import { hindrance, obstacleBy } from './status/obstacle';
import { type Setting, turningOff, turningOn, waiting, whenParameters, windowSettle } from './window/setting';

export default defineRule({
  id: 'rds-instance-iam-authentication-enabled',
  title: 'RDS DB instances have IAM database authentication enabled',
  why: 'With IAM, users log in with tokens that expire after minutes. Otherwise they use passwords, which are shared and rarely change.',
  impact:
    'None for clients: passwords stay valid until a database user is configured for IAM authentication. By default, the change takes effect in the maintenance window. So does a rollback, which locks out users that log in with IAM by then.',
  severity: 'medium',
  risk: 'safe',
  resource: dbInstance,
  property: 'EnableIAMDatabaseAuthentication',
  detectedBy: { securityHub: ['RDS.10'], config: ['rds-instance-iam-authentication-enabled'] },
  permissions: {
    inspect: { actions: ['rds:DescribeDBInstances'], on: instances },
    change: { actions: ['rds:ModifyDBInstance'], on: instances },
  },
  clients: [RDSClient],
  commands: [ModifyDBInstanceCommand],
  parameters: whenParameters,
  settle: windowSettle,

  async inspect({ id }, aws): Promise<Setting | typeof notFound> {
    const instance = await describeInstance(id, aws);
    if (!instance) return notFound;
    if (instance.IAMDatabaseAuthenticationEnabled) return { on: true };
    const { IAMDatabaseAuthenticationEnabled: decided, ...others } = instance.PendingModifiedValues ?? {};
    const none = reasonWhyNot(instance);
    return {
      on: false,
      ...waiting(decided, others, instance.PreferredMaintenanceWindow),
      ...hindrance(instance.DBInstanceStatus),
      ...(none !== undefined && { none }),
    };
  },

  plan: ({ id }, state, { parameters }) => turningOn(state, parameters, (status) => obstacleBy('instance', status), turning(id)),

  revertOwnPart: ({ id }, now) => turningOff(now, turning(id)),

  list: (_, aws) => listInstances(aws, (instance) => reasonWhyNot(instance) === undefined),
});

const turning = (DBInstanceIdentifier: string) => (EnableIAMDatabaseAuthentication: boolean, now: boolean) =>
  new ModifyDBInstanceCommand({ DBInstanceIdentifier, EnableIAMDatabaseAuthentication, ...(now && { ApplyImmediately: true }) });

function reasonWhyNot({ DBClusterIdentifier, Engine = '' }: DBInstance): Obstacle | undefined {
  if (DBClusterIdentifier !== undefined)
    return {
      unfixable: `The instance is a member of the DB cluster ${DBClusterIdentifier}, which controls authentication. Enable it there.`,
      code: 'cluster-member',
    };
  if (!['mysql', 'mariadb', 'postgres'].includes(Engine))
    return { unfixable: `Amazon RDS does not support IAM database authentication for ${Engine}.`, code: 'not-supported' };
  return undefined;
}
