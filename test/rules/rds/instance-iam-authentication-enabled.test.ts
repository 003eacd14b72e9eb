import { callOf } from '../../../functions/aws/call';
import rule from '../../../rules/rds/instance-iam-authentication-enabled';
import { describeRule } from '../../contract/describe-rule';
import { answering, changeAndStopInstance, instanceOf, instanceWith, place, planFor, stoppedInstanceWith } from './db-instance/seed';

describeRule(rule, {
  violations: {
    'an instance that knows passwords alone': {
      seed: instanceWith({ EnableIAMDatabaseAuthentication: false, MultiAZ: true }),
      async fixed(world, id) {
        expect(await instanceOf(world, id)).toMatchObject({ IAMDatabaseAuthenticationEnabled: true, MultiAZ: true });
      },
    },
    'an instance of PostgreSQL, at once': { seed: instanceWith({ Engine: 'postgres' }), parameters: { applyImmediately: true } },
    'an instance of which somebody undoes the fix before the rollback, and stops it': {
      seed: instanceWith({}),
      meanwhile: changeAndStopInstance({ EnableIAMDatabaseAuthentication: false }),
      rolledBack: async (world, id) =>
        expect(await instanceOf(world, id)).toMatchObject({ IAMDatabaseAuthenticationEnabled: false, DBInstanceStatus: 'stopped' }),
    },
  },
  compliant: {
    'an instance whose users log in with IAM': { seed: instanceWith({ EnableIAMDatabaseAuthentication: true }) },
    'a stopped instance whose users log in with IAM': { seed: stoppedInstanceWith({ EnableIAMDatabaseAuthentication: true }) },
  },
  obstacles: {
    'an instance that is stopped': { seed: stoppedInstanceWith({}), outcome: 'unfixable', reason: /The instance is stopped/ },
    'SQL Server': {
      seed: instanceWith({ Engine: 'sqlserver-se' }),
      outcome: 'unfixable',
      reason: /does not support IAM database authentication for sqlserver-se/,
    },
  },
  missing: 'no-such-instance',
});

const input = { DBInstanceIdentifier: 'orders' };

describe('the plan', () => {
  const changes = (more = {}) => [
    {
      do: expect.objectContaining({ input: { ...input, EnableIAMDatabaseAuthentication: true, ...more } }),
      undo: expect.objectContaining({ input: { ...input, EnableIAMDatabaseAuthentication: false } }),
    },
  ];

  it.each(['mysql', 'mariadb', 'postgres'])('leaves the change of %s to the maintenance window', async (Engine) => {
    expect(await planFor(rule, { Engine, PendingModifiedValues: {} })).toEqual(changes());
  });

  it('is at once where the owner says so, and nothing else waits', async () => {
    const now = { applyImmediately: true };
    expect(await planFor(rule, { Engine: 'mysql' }, now)).toEqual(changes({ ApplyImmediately: true }));
    expect(await planFor(rule, { Engine: 'mysql', PendingModifiedValues: { MultiAZ: true } }, now)).toEqual(changes());
  });

  it('says when the change is made', async () => {
    const decided = {
      PendingModifiedValues: { IAMDatabaseAuthenticationEnabled: true },
      PreferredMaintenanceWindow: 'sun:04:00-sun:04:30',
    };
    expect(await planFor(rule, { Engine: 'mysql', ...decided })).toEqual({
      blocked: expect.stringContaining('(sun:04:00-sun:04:30, UTC)'),
      code: 'waiting-for-maintenance-window',
    });
  });

  it('waits while an instance is modifying', async () => {
    expect(await planFor(rule, { Engine: 'mysql', DBInstanceStatus: 'modifying' })).toEqual({
      blocked: expect.stringContaining('modifying'),
      code: 'being-modified',
    });
  });

  it('leaves the members of a cluster to it', async () => {
    const member = { Engine: 'mysql', DBClusterIdentifier: 'orders-cluster' };
    expect(await planFor(rule, member)).toEqual({
      unfixable: expect.stringContaining('orders-cluster'),
      code: 'cluster-member',
    });
    const aws = answering({ DBInstanceIdentifier: 'alone', Engine: 'mysql' }, { DBInstanceIdentifier: 'member', ...member });
    expect(await rule.list?.(place, aws)).toEqual(['alone']);
  });
});

it('a rollback takes the change back, made or decided', () => {
  const resource = { ...place, type: 'AWS::RDS::DBInstance', id: 'orders', arn: 'arn:aws:rds:eu-west-1:123456789012:db:orders' };
  const revertOwnPart = (now: { on: boolean; window?: string }) =>
    rule
      .revertOwnPart?.(resource, now, { before: { on: false }, after: now, parameters: { applyImmediately: true } })
      ?.map((command) => callOf(command).input);
  const off = [{ ...input, EnableIAMDatabaseAuthentication: false }];
  expect(revertOwnPart({ on: true })).toEqual(off);
  expect(revertOwnPart({ on: false, window: 'sun:04:00-sun:04:30' })).toEqual(off);
  expect(revertOwnPart({ on: false })).toEqual([]);
});
