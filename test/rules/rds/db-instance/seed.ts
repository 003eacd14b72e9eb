import {
  CreateDBInstanceCommand,
  type CreateDBInstanceCommandInput,
  type DBInstance,
  DescribeDBInstancesCommand,
  ModifyDBInstanceCommand,
  type ModifyDBInstanceCommandInput,
  StopDBInstanceCommand,
} from '@aws-sdk/client-rds';
import { dbInstance } from '../../../../rules/rds/db-instance/resource';
import type { Aws, AwsCommand, Json, Rule } from '../../../../rules/rule';
import { loggedPlan, planOf } from '../../../contract/plan-of';
import type { World } from '../../../contract/scenario';

/** A DB instance of MySQL, if not told otherwise; its identifier. */
export const instanceWith =
  (input: Partial<CreateDBInstanceCommandInput>) =>
  async (world: World): Promise<string> => {
    const DBInstanceIdentifier = `db-${Math.random().toString(36).slice(2)}`;
    await world.send(new CreateDBInstanceCommand({ DBInstanceIdentifier, DBInstanceClass: 'db.t3.micro', Engine: 'mysql', ...input }));
    return DBInstanceIdentifier;
  };

/** The same, stopped. */
export const stoppedInstanceWith =
  (input: Partial<CreateDBInstanceCommandInput>) =>
  async (world: World): Promise<string> => {
    const DBInstanceIdentifier = await instanceWith(input)(world);
    await world.send(new StopDBInstanceCommand({ DBInstanceIdentifier }));
    return DBInstanceIdentifier;
  };

/** What somebody else does to an instance, and that they stop it then. */
export const changeInstance =
  (input: Partial<ModifyDBInstanceCommandInput>) =>
  async (world: World, DBInstanceIdentifier: string): Promise<void> => {
    await world.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier, ...input }));
  };

export const changeAndStopInstance =
  (input: Partial<ModifyDBInstanceCommandInput>) =>
  async (world: World, DBInstanceIdentifier: string): Promise<void> => {
    await changeInstance(input)(world, DBInstanceIdentifier);
    await world.send(new StopDBInstanceCommand({ DBInstanceIdentifier }));
  };

export async function instanceOf(world: World, DBInstanceIdentifier: string): Promise<DBInstance> {
  const { DBInstances } = await world.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier }));
  return DBInstances?.[0] ?? {};
}

/** AWS RDS, knowing these instances alone. */
export function answering(...DBInstances: readonly DBInstance[]): Aws {
  return {
    async send<Output>(command: AwsCommand<Output>) {
      expect(command).toBeInstanceOf(DescribeDBInstancesCommand);
      return { DBInstances } as Output;
    },
  };
}

export const place = { partition: 'aws', account: '123456789012', region: 'eu-west-1' };

/** What a rule would do about an instance as AWS describes it: the inputs of the changes and of their undo, or the obstacle. */
export async function planFor<State extends Json, Parameters>(
  rule: Rule<State, Parameters>,
  instance: DBInstance,
  given: Readonly<Record<string, unknown>> = {},
) {
  const resource = { ...place, type: dbInstance.type, id: 'orders', arn: 'arn:aws:rds:eu-west-1:123456789012:db:orders' };
  const state = await rule.inspect(resource, answering({ DBInstanceStatus: 'available', ...instance }));
  return loggedPlan(planOf(rule, resource, state, { ...(rule.parameters && { parameters: rule.parameters.parse(given) }) }));
}
