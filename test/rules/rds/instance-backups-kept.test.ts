import { callOf } from '../../../functions/aws/call';
import rule from '../../../rules/rds/instance-backups-kept';
import { describeRule } from '../../contract/describe-rule';
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

describeRule(rule, {
  violations: {
    'an instance without backups': {
      seed: instanceWith({ BackupRetentionPeriod: 0, MultiAZ: false }),
      configId: async (world, id) => (await instanceOf(world, id)).DbiResourceId ?? '',
      async fixed(world, id) {
        expect(await instanceOf(world, id)).toMatchObject({ BackupRetentionPeriod: 7, MultiAZ: false });
      },
    },
    'an instance whose owner wants more, and at once': {
      seed: instanceWith({ BackupRetentionPeriod: 7 }),
      parameters: { retentionDays: 35, applyImmediately: true },
      fixed: async (world, id) => expect(await instanceOf(world, id)).toMatchObject({ BackupRetentionPeriod: 35 }),
    },
    'an instance that somebody lets keep backups for longer before the rollback': {
      seed: instanceWith({ BackupRetentionPeriod: 1 }),
      meanwhile: changeInstance({ BackupRetentionPeriod: 14 }),
      rollback: 'rollback-refused',
    },
    'an instance of which somebody undoes the fix before the rollback, and stops it': {
      seed: instanceWith({ BackupRetentionPeriod: 1 }),
      meanwhile: changeAndStopInstance({ BackupRetentionPeriod: 1 }),
      rolledBack: async (world, id) =>
        expect(await instanceOf(world, id)).toMatchObject({ BackupRetentionPeriod: 1, DBInstanceStatus: 'stopped' }),
    },
  },
  compliant: {
    'an instance that keeps backups for a week': { seed: instanceWith({ BackupRetentionPeriod: 7 }) },
    'an instance that keeps backups for long': { seed: stoppedInstanceWith({ BackupRetentionPeriod: 30 }) },
  },
  obstacles: {
    'an instance that is stopped': {
      seed: stoppedInstanceWith({ BackupRetentionPeriod: 1 }),
      outcome: 'unfixable',
      reason: /The instance is stopped/,
    },
  },
  missing: 'no-such-instance',
});

const input = { DBInstanceIdentifier: 'orders' };

describe('the plan', () => {
  const changes = (from: number, more = {}) => [
    {
      do: expect.objectContaining({ input: { ...input, BackupRetentionPeriod: 7, ...more } }),
      undo: expect.objectContaining({ input: { ...input, BackupRetentionPeriod: from } }),
    },
  ];

  it('turns backups on in the maintenance window', async () => {
    expect(await planFor(rule, { BackupRetentionPeriod: 0, PendingModifiedValues: {} })).toEqual(changes(0));
  });

  it('turns them on at once where the owner says so', async () => {
    expect(await planFor(rule, { BackupRetentionPeriod: 0 }, { applyImmediately: true })).toEqual(changes(0, { ApplyImmediately: true }));
  });

  it('is not at once where other changes would be too', async () => {
    const PendingModifiedValues = { DBInstanceClass: 'db.r6g.16xlarge' };
    expect(await planFor(rule, { PendingModifiedValues }, { applyImmediately: true })).toEqual(changes(0));
  });

  it('has no need of that where there are backups', async () => {
    expect(await planFor(rule, { BackupRetentionPeriod: 3 }, { applyImmediately: true })).toEqual(changes(3));
  });

  it('says when an instance gets its backups', async () => {
    const decided = { PendingModifiedValues: { BackupRetentionPeriod: 7 }, PreferredMaintenanceWindow: 'sun:04:00-sun:04:30' };
    expect(await planFor(rule, decided)).toEqual({
      blocked: expect.stringContaining('(sun:04:00-sun:04:30, UTC)'),
      code: 'waiting-for-maintenance-window',
    });
    expect(await planFor(rule, { PendingModifiedValues: { BackupRetentionPeriod: 3 } })).toEqual(changes(3));
  });

  it.each([{ ReadReplicaSourceDBInstanceIdentifier: 'a' }, { ReadReplicaSourceDBClusterIdentifier: 'a' }])(
    'asks for no backups of a read replica, if the owner does not: %j',
    async (replica) => {
      expect(await planFor(rule, replica)).toEqual([]);
      expect(await planFor(rule, replica, { checkReadReplicas: true })).toEqual(changes(0));
    },
  );

  it('waits while an instance is modifying', async () => {
    expect(await planFor(rule, { DBInstanceStatus: 'modifying' })).toEqual({
      blocked: expect.stringContaining('modifying'),
      code: 'being-modified',
    });
  });

  it('leaves to AWS Backup what that keeps', async () => {
    const AwsBackupRecoveryPointArn = 'arn:aws:backup:eu-west-1:123456789012:recovery-point:continuous:db-1';
    const short = { DBInstanceIdentifier: 'x', BackupRetentionPeriod: 3, AwsBackupRecoveryPointArn };
    expect(await planFor(rule, short)).toEqual({
      unfixable: expect.stringContaining(`(${AwsBackupRecoveryPointArn})`),
      code: 'managed-by-backup-plan',
    });
    expect(await planFor(rule, { ...short, BackupRetentionPeriod: 7 })).toEqual([]);
    expect(await rule.list?.(place, answering(short))).toEqual(['x']);
  });

  it('leaves the members of a cluster to it', async () => {
    const member = { Engine: 'aurora-mysql', DBClusterIdentifier: 'orders-cluster' };
    expect(await planFor(rule, member)).toEqual({
      unfixable: expect.stringContaining('orders-cluster'),
      code: 'cluster-member',
    });
    const aws = answering({ DBInstanceIdentifier: 'alone' }, { DBInstanceIdentifier: 'member', ...member });
    expect(await rule.list?.(place, aws)).toEqual(['alone']);
  });
});

describe('a rollback', () => {
  const resource = { ...place, type: 'AWS::RDS::DBInstance', id: 'orders', arn: 'arn:aws:rds:eu-west-1:123456789012:db:orders' };
  const parameters = { retentionDays: 7, checkReadReplicas: false, applyImmediately: false };
  const revertOwnPart = (now: { days: number; decided?: number }, after = { days: 7 }) =>
    rule.revertOwnPart?.(resource, now, { before: { days: 0 }, after, parameters })?.map((command) => callOf(command).input);
  const off = [{ ...input, BackupRetentionPeriod: 0 }];

  it('turns backups off again', () => {
    expect(revertOwnPart({ days: 7 })).toEqual(off);
    expect(revertOwnPart({ days: 0, decided: 7 })).toEqual(off);
  });

  it('has nothing to do where somebody has', () => {
    expect(revertOwnPart({ days: 0 })).toEqual([]);
    expect(revertOwnPart({ days: 7, decided: 0 })).toEqual([]);
  });

  it('leads back to what somebody had decided for the maintenance window before', () => {
    const before = { days: 0, decided: 3, window: 'sun:04:00-sun:04:30' };
    const back = (decided: number) =>
      rule
        .revertOwnPart?.(resource, { days: 0, decided }, { before, after: { days: 0, decided: 7 }, parameters })
        ?.map((command) => callOf(command).input);
    expect(back(7)).toEqual([{ ...input, BackupRetentionPeriod: 3 }]);
    expect(back(3)).toEqual([]);
  });

  it('leaves alone what somebody has changed since', () => {
    expect(revertOwnPart({ days: 14 })).toBeUndefined();
  });
});
