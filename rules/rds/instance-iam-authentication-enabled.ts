import { type DBInstance, ModifyDBInstanceCommand, RDSClient } from '@aws-sdk/client-rds';
import { defineRule, gone } from '../rule';
import { describeInstance, instances, listInstances } from './db-instance/describe';
import { dbInstance } from './db-instance/resource';
import { hindrance, obstacleBy } from './status/obstacle';
import { type Setting, turningOff, turningOn, waiting, whenParameters, windowSettle } from './window/setting';

export default defineRule({
  id: 'rds-instance-iam-authentication-enabled',
  title: 'RDS DB instances let their users log in with IAM',
  why: 'With IAM, users log in by tokens that are valid for minutes; otherwise only by passwords, which are passed on and never change.',
  impact:
    'None for clients: passwords are valid as before, until a database user is told to log in with IAM. It is turned on in the maintenance window if not said otherwise. A rollback takes effect in the next one, and shuts out the users that log in with IAM by then.',
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

  async inspect({ id }, aws): Promise<Setting | typeof gone> {
    const instance = await describeInstance(id, aws);
    if (!instance) return gone;
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

  takeBack: ({ id }, now) => turningOff(now, turning(id)),

  list: (_, aws) => listInstances(aws, (instance) => reasonWhyNot(instance) === undefined),
});

const turning = (DBInstanceIdentifier: string) => (EnableIAMDatabaseAuthentication: boolean, now: boolean) =>
  new ModifyDBInstanceCommand({ DBInstanceIdentifier, EnableIAMDatabaseAuthentication, ...(now && { ApplyImmediately: true }) });

function reasonWhyNot({ DBClusterIdentifier, Engine = '' }: DBInstance): string | undefined {
  if (DBClusterIdentifier !== undefined)
    return `The instance is a member of the DB cluster ${DBClusterIdentifier}, which decides how users log in: enable it there.`;
  if (!['mysql', 'mariadb', 'postgres'].includes(Engine)) return `AWS RDS has no authentication with IAM for ${Engine}.`;
  return undefined;
}
