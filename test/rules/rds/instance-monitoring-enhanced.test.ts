import { GetRoleCommand, type Role } from '@aws-sdk/client-iam';
import { type DBInstance, ModifyDBInstanceCommand, StopDBInstanceCommand } from '@aws-sdk/client-rds';
import { callOf } from '../../../functions/aws/call';
import { isChanges } from '../../../functions/plan/change';
import rule from '../../../rules/rds/instance-monitoring-enhanced';
import { type Aws, type AwsCommand, notFound } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import { besideRole } from '../iam/named-role/seed';
import {
  answering,
  changeAndStopInstance,
  changeInstance,
  instanceOf,
  instanceWith,
  place,
  planFor,
  stoppedInstanceWith,
} from './db-instance/seed';

const parameters = { monitoringRole: 'rds-monitoring-role' };
const service = 'monitoring.rds.amazonaws.com';
const roleOf = (account: string) => `arn:aws:iam::${account}:role/chosen/by-its-owner`;
const ownRole = roleOf('123456789012');

describeRule(rule, {
  parameters,
  violations: {
    'an instance that is not measured': {
      seed: besideRole('rds-monitoring-role', service, instanceWith({ BackupRetentionPeriod: 7 })),
      configId: async (world, id) => (await instanceOf(world, id)).DbiResourceId ?? '',
      async fixed(world, id) {
        expect(await instanceOf(world, id)).toMatchObject({
          MonitoringInterval: 60,
          MonitoringRoleArn: `arn:aws:iam::${world.account}:role/rds-monitoring-role`,
          BackupRetentionPeriod: 7,
        });
      },
    },
    'an instance that is measured too rarely, by a role of its own': {
      seed: measured(60),
      parameters: { monitoringInterval: 15 },
      async fixed(world, id) {
        expect(await instanceOf(world, id)).toMatchObject({ MonitoringInterval: 15, MonitoringRoleArn: roleOf(world.account) });
      },
    },
    'an instance that is not measured, and a role with a path': {
      seed: besideRole('service-role/rds/measures', service, instanceWith({})),
      parameters: { monitoringRole: 'service-role/rds/measures', monitoringInterval: 30 },
      async fixed(world, id) {
        expect(await instanceOf(world, id)).toMatchObject({
          MonitoringInterval: 30,
          MonitoringRoleArn: `arn:aws:iam::${world.account}:role/service-role/rds/measures`,
        });
      },
    },
    'an instance that somebody lets be measured more closely before the rollback': {
      seed: besideRole('rds-monitoring-role', service, instanceWith({})),
      meanwhile: changeInstance({ MonitoringInterval: 15 }),
      rollback: 'rollback-refused',
    },
    'an instance of which somebody undoes the fix before the rollback, and stops it': {
      seed: besideRole('rds-monitoring-role', service, instanceWith({})),
      meanwhile: changeAndStopInstance({ MonitoringInterval: 0 }),
      rolledBack: async (world, id) =>
        expect(await instanceOf(world, id)).toMatchObject({ MonitoringInterval: 0, DBInstanceStatus: 'stopped' }),
    },
  },
  compliant: {
    'an instance that is measured every minute': { seed: measured(60) },
    'an instance that is measured more closely than asked for': {
      seed: measured(5),
      parameters: { monitoringInterval: 15 },
    },
    'an instance that is measured just as asked for, and stopped': {
      seed: measured(15, { stopped: true }),
      parameters: { monitoringInterval: 15 },
    },
  },
  obstacles: {
    'an instance that is stopped': {
      seed: besideRole('rds-monitoring-role', service, stoppedInstanceWith({})),
      outcome: 'unfixable',
      reason: /The instance is stopped/,
    },
    'a role that is not there': {
      seed: instanceWith({}),
      outcome: 'unfixable',
      reason: /The role rds-monitoring-role does not exist.*Create it/,
    },
    'a role of that name with another path': {
      seed: besideRole('service-role/rds-monitoring-role', service, instanceWith({})),
      outcome: 'unfixable',
      reason: /The role rds-monitoring-role does not exist/,
    },
    'a role for something else': {
      seed: besideRole('rds-monitoring-role', 'ec2.amazonaws.com', instanceWith({})),
      outcome: 'unfixable',
      reason: /does not allow monitoring\.rds\.amazonaws\.com to assume it/,
    },
    'a role that is named by its ARN': {
      seed: instanceWith({}),
      parameters: { monitoringRole: ownRole },
      outcome: 'not-configured',
      reason: /monitoringRole/,
    },
  },
  missing: 'no-such-instance',
});

describe('the plan', () => {
  const plan = (instance: DBInstance) => planFor(rule, instance, parameters);

  it.each([
    ['beside others', { Effect: 'Allow', Principal: { Service: ['ec2.amazonaws.com', service] } }, true],
    ['not at all', { Effect: 'Deny', Principal: { Service: service } }, false],
    ['everybody but no service', { Effect: 'Allow', Principal: '*' }, false],
    ['an account', { Effect: 'Allow', Principal: { AWS: service } }, false],
  ])('looks whom the role trusts: %s', async (_, statement, ready) => {
    const Role = { Arn: 'arn:aws:iam::123456789012:role/rds-monitoring-role', AssumeRolePolicyDocument: text({ Statement: statement }) };
    const aws: Aws = {
      async send<Output>(command: AwsCommand<Output>) {
        const DBInstances: DBInstance[] = [{ DBInstanceStatus: 'available', Engine: 'mysql' }];
        return (command instanceof GetRoleCommand ? { Role: Role as Role } : { DBInstances }) as Output;
      },
    };
    const resource = { ...place, type: 'AWS::RDS::DBInstance', id: 'orders', arn: 'arn:aws:rds:eu-west-1:123456789012:db:orders' };
    const state = await rule.inspect(resource, aws, parameters);
    if (state === notFound) throw new Error('It is gone.');
    expect(isChanges(rule.plan(resource, state, { parameters, detectedBy: 'RDS.6', now: new Date(0) }))).toBe(ready);
  });

  it('takes no notice of a role that is left over', async () => {
    const chosen = 'arn:aws:iam::123456789012:role/rds-monitoring-role';
    expect(await plan({ MonitoringInterval: 0, MonitoringRoleArn: ownRole })).toMatchObject([
      { do: { input: { MonitoringInterval: 60, MonitoringRoleArn: chosen } }, undo: { input: { MonitoringInterval: 0 } } },
    ]);
  });

  it('leaves to their maintenance window the changes that wait for it', async () => {
    expect(JSON.stringify(await plan({ PendingModifiedValues: { DBInstanceClass: 'db.r6g.16xlarge' } }))).not.toContain('ApplyImmediately');
  });

  it('waits while an instance is modifying', async () => {
    expect(await plan({ DBInstanceStatus: 'modifying' })).toEqual({
      blocked: expect.stringContaining('modifying'),
      code: 'being-modified',
    });
  });

  it.each([
    ['a member of a Multi-AZ DB cluster', { Engine: 'mysql', DBClusterIdentifier: 'orders-cluster' }, 'orders-cluster', 'cluster-member'],
    ['RDS Custom', { Engine: 'custom-sqlserver-ee' }, 'custom-sqlserver-ee', 'not-supported'],
    ['Amazon DocumentDB', { Engine: 'docdb' }, 'docdb', 'not-supported'],
    ['Amazon Neptune', { Engine: 'neptune' }, 'neptune', 'not-supported'],
  ])('can do nothing for %s', async (_, instance, named, code) => {
    expect(await plan(instance)).toEqual({ unfixable: expect.stringContaining(named), code });
    expect(await rule.list?.(place, answering({ DBInstanceIdentifier: 'x', ...instance }))).toEqual([]);
  });

  it('changes an instance of Aurora, though it is in a cluster', async () => {
    expect(await plan({ Engine: 'aurora-mysql', DBClusterIdentifier: 'orders-cluster' })).toHaveLength(1);
  });
});

describe('a rollback', () => {
  const resource = { ...place, type: 'AWS::RDS::DBInstance', id: 'orders', arn: 'arn:aws:rds:eu-west-1:123456789012:db:orders' };
  const before = { interval: 0 };
  const after = { interval: 60, role: 'arn:aws:iam::123456789012:role/ours', status: 'modifying' };
  const revertOwnPart = (now: typeof before | typeof after) =>
    rule.revertOwnPart?.(resource, now, { before, after, parameters })?.map((command) => callOf(command).input);

  it('is not kept by a status that was another one right after the fix', () => {
    const { status: _, ...later } = after;
    expect(revertOwnPart(later as typeof after)).toEqual([{ DBInstanceIdentifier: 'orders', MonitoringInterval: 0 }]);
  });

  it('leaves alone what others have chosen since', () => {
    expect(revertOwnPart({ ...after, interval: 15 })).toBeUndefined();
    expect(revertOwnPart({ ...after, role: ownRole })).toBeUndefined();
  });

  it('has nothing to do where others were there before', () => {
    expect(revertOwnPart(before)).toEqual([]);
    expect(revertOwnPart({ ...before, role: ownRole } as typeof after)).toBeUndefined();
  });
});

const text = (policy: object): string => encodeURIComponent(JSON.stringify({ Version: '2012-10-17', ...policy }));

// moto takes no notice of it when an instance is created.
function measured(MonitoringInterval: number, { stopped = false } = {}) {
  return async (world: World): Promise<string> => {
    const DBInstanceIdentifier = await instanceWith({})(world);
    await world.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier, MonitoringInterval, MonitoringRoleArn: roleOf(world.account) }));
    if (stopped) await world.send(new StopDBInstanceCommand({ DBInstanceIdentifier }));
    return DBInstanceIdentifier;
  };
}
