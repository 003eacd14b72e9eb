import { callOf } from '../../../functions/aws/call';
import rule from '../../../rules/rds/instance-multi-az';
import { describeRule } from '../../contract/describe-rule';
import { answering, changeAndStopInstance, instanceOf, instanceWith, place, planFor, stoppedInstanceWith } from './db-instance/seed';

describeRule(rule, {
  violations: {
    'an instance in one zone': {
      seed: instanceWith({ MultiAZ: false, BackupRetentionPeriod: 7 }),
      configId: async (world, id) => (await instanceOf(world, id)).DbiResourceId ?? '',
      async fixed(world, id) {
        expect(await instanceOf(world, id)).toMatchObject({ MultiAZ: true, BackupRetentionPeriod: 7 });
      },
    },
    'an instance in one zone, which shall get its standby at once': {
      seed: instanceWith({ MultiAZ: false }),
      parameters: { applyImmediately: true },
    },
    'an instance of which somebody undoes the fix before the rollback, and stops it': {
      seed: instanceWith({ MultiAZ: false }),
      meanwhile: changeAndStopInstance({ MultiAZ: false }),
      rolledBack: async (world, id) => expect(await instanceOf(world, id)).toMatchObject({ MultiAZ: false, DBInstanceStatus: 'stopped' }),
    },
  },
  compliant: {
    'an instance with a standby': { seed: instanceWith({ MultiAZ: true }) },
    'an instance with a standby that is stopped': { seed: stoppedInstanceWith({ MultiAZ: true }) },
  },
  obstacles: {
    'an instance that is stopped': { seed: stoppedInstanceWith({}), outcome: 'unfixable', reason: /The instance is stopped/ },
    'SQL Server Express': { seed: instanceWith({ Engine: 'sqlserver-ex' }), outcome: 'unfixable', reason: /Use another edition/ },
  },
  missing: 'no-such-instance',
});

const input = { DBInstanceIdentifier: 'orders' };

describe('the plan', () => {
  const changes = (more = {}) => [
    {
      do: expect.objectContaining({ input: { ...input, MultiAZ: true, ...more } }),
      undo: expect.objectContaining({ input: { ...input, MultiAZ: false } }),
    },
  ];

  it('leaves the change to the maintenance window', async () => {
    expect(await planFor(rule, { PendingModifiedValues: {} })).toEqual(changes());
  });

  it('is at once where the owner says so', async () => {
    expect(await planFor(rule, { PendingModifiedValues: {} }, { applyImmediately: true })).toEqual(changes({ ApplyImmediately: true }));
  });

  it('is not at once where other changes would be too', async () => {
    const PendingModifiedValues = { DBInstanceClass: 'db.r6g.16xlarge' };
    expect(await planFor(rule, { PendingModifiedValues }, { applyImmediately: true })).toEqual(changes());
  });

  it('says when an instance gets its standby', async () => {
    const decided = { PendingModifiedValues: { MultiAZ: true }, PreferredMaintenanceWindow: 'sun:04:00-sun:04:30' };
    expect(await planFor(rule, decided)).toEqual({
      blocked: expect.stringContaining('(sun:04:00-sun:04:30, UTC)'),
      code: 'waiting-for-maintenance-window',
    });
  });

  it('waits while an instance is modifying', async () => {
    expect(await planFor(rule, { DBInstanceStatus: 'modifying' })).toEqual({
      blocked: expect.stringContaining('modifying'),
      code: 'being-modified',
    });
  });

  it('asks for backups of SQL Server first', async () => {
    expect(await planFor(rule, { Engine: 'sqlserver-se', BackupRetentionPeriod: 0 })).toEqual({
      unfixable: expect.stringContaining('automated backups'),
      code: 'backups-off',
    });
    expect(await planFor(rule, { Engine: 'sqlserver-se', BackupRetentionPeriod: 1 })).toEqual(changes());
    expect(await planFor(rule, { Engine: 'postgres', BackupRetentionPeriod: 0 })).toEqual(changes());
    const aws = answering({ DBInstanceIdentifier: 'x', Engine: 'sqlserver-se', BackupRetentionPeriod: 0 });
    expect(await rule.list?.(place, aws)).toEqual(['x']);
  });

  it.each([
    ['a member of a cluster', { Engine: 'aurora-mysql', DBClusterIdentifier: 'orders-cluster' }, 'orders-cluster', 'cluster-member'],
    ['RDS Custom', { Engine: 'custom-sqlserver-ee' }, 'custom-sqlserver-ee', 'not-supported'],
  ])('can do nothing for %s', async (_, instance, named, code) => {
    expect(await planFor(rule, instance)).toEqual({ unfixable: expect.stringContaining(named), code });
    expect(await rule.list?.(place, answering({ DBInstanceIdentifier: 'x', ...instance }))).toEqual([]);
  });
});

describe('a rollback', () => {
  const resource = { ...place, type: 'AWS::RDS::DBInstance', id: 'orders', arn: 'arn:aws:rds:eu-west-1:123456789012:db:orders' };
  const revertOwnPart = (now: { multiAz: boolean; window?: string }) =>
    rule
      .revertOwnPart?.(resource, now, { before: { multiAz: false }, after: now, parameters: { applyImmediately: true } })
      ?.map((command) => callOf(command).input);

  it('before the maintenance window takes the decision back', () => {
    expect(revertOwnPart({ multiAz: false, window: 'sun:04:00-sun:04:30' })).toEqual([{ ...input, MultiAZ: false }]);
  });

  it('after it is left to the next one', () => {
    expect(revertOwnPart({ multiAz: true })).toEqual([{ ...input, MultiAZ: false }]);
  });

  it('has nothing to do where the instance is in one zone', () => {
    expect(revertOwnPart({ multiAz: false })).toEqual([]);
  });
});
