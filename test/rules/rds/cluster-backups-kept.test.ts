import type { DBCluster } from '@aws-sdk/client-rds';
import { callOf } from '../../../functions/aws/call';
import { isChanges, loggedChange } from '../../../functions/plan/change';
import rule from '../../../rules/rds/cluster-backups-kept';
import { dbCluster } from '../../../rules/rds/db-cluster/resource';
import { notFound } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import { answering, changeAndStopCluster, changeCluster, clusterOf, clusterWith, place, stoppedClusterWith } from './db-cluster/seed';

describeRule(rule, {
  violations: {
    'a cluster that keeps backups for a day': {
      seed: clusterWith({ BackupRetentionPeriod: 1, CopyTagsToSnapshot: false }),
      async fixed(world, id) {
        expect(await clusterOf(world, id)).toMatchObject({ BackupRetentionPeriod: 7, CopyTagsToSnapshot: false });
      },
    },
    'a cluster of Neptune whose owner wants more': {
      seed: clusterWith({ Engine: 'neptune', BackupRetentionPeriod: 7 }),
      detectedBy: 'Neptune.5',
      parameters: { retentionDays: 30 },
      fixed: async (world, id) => expect(await clusterOf(world, id)).toMatchObject({ BackupRetentionPeriod: 30 }),
    },
    'a cluster that somebody lets keep backups for longer before the rollback': {
      seed: clusterWith({ BackupRetentionPeriod: 1 }),
      meanwhile: changeCluster({ BackupRetentionPeriod: 14 }),
      rollback: 'rollback-refused',
    },
    'a cluster of which somebody undoes the fix before the rollback, and stops it': {
      seed: clusterWith({ BackupRetentionPeriod: 1 }),
      meanwhile: changeAndStopCluster({ BackupRetentionPeriod: 1 }),
      rolledBack: async (world, id) => expect(await clusterOf(world, id)).toMatchObject({ BackupRetentionPeriod: 1, Status: 'stopped' }),
    },
  },
  compliant: {
    'a cluster that keeps backups for a week': { seed: clusterWith({ BackupRetentionPeriod: 7 }) },
    'a cluster that keeps backups for long': { seed: clusterWith({ BackupRetentionPeriod: 35 }) },
    'a stopped cluster that keeps backups for a week': { seed: stoppedClusterWith({ BackupRetentionPeriod: 7 }) },
  },
  obstacles: {
    'a cluster that is stopped': {
      seed: stoppedClusterWith({ BackupRetentionPeriod: 1 }),
      outcome: 'unfixable',
      reason: /The cluster is stopped/,
    },
  },
  missing: 'no-such-cluster',
});

const orders = { ...place, type: dbCluster.type, id: 'orders', arn: 'arn:aws:rds:eu-west-1:123456789012:cluster:orders' };

async function planFor(cluster: DBCluster, detectedBy = 'RDS.50') {
  const state = await rule.inspect(orders, answering({ Status: 'available', ...cluster }));
  if (state === notFound) throw new Error('It is gone.');
  const plan = rule.plan(orders, state, { parameters: { retentionDays: 7 }, detectedBy, now: new Date(0) });
  return isChanges(plan) ? plan.map(loggedChange) : plan;
}

it('is the same for a cluster of Amazon DocumentDB', async () => {
  expect(await planFor({ Engine: 'docdb', BackupRetentionPeriod: 1 }, 'DocumentDB.2')).toMatchObject([
    {
      do: { input: { DBClusterIdentifier: 'orders', BackupRetentionPeriod: 7 } },
      undo: { input: { DBClusterIdentifier: 'orders', BackupRetentionPeriod: 1 } },
    },
  ]);
});

it('leaves to AWS Backup what that keeps', async () => {
  const AwsBackupRecoveryPointArn = 'arn:aws:backup:eu-west-1:123456789012:recovery-point:continuous:cluster-1';
  expect(await planFor({ BackupRetentionPeriod: 3, AwsBackupRecoveryPointArn })).toEqual({
    unfixable: expect.stringContaining(`(${AwsBackupRecoveryPointArn})`),
    code: 'managed-by-backup-plan',
  });
  expect(await planFor({ BackupRetentionPeriod: 7, AwsBackupRecoveryPointArn })).toEqual([]);
});

it('takes nothing back that somebody has changed since', () => {
  const revertOwnPart = (days: number) =>
    rule
      .revertOwnPart?.(orders, { days, status: 'backing-up' }, { before: { days: 1 }, after: { days: 7 }, parameters: { retentionDays: 7 } })
      ?.map((command) => callOf(command).input);
  expect(revertOwnPart(7)).toEqual([{ DBClusterIdentifier: 'orders', BackupRetentionPeriod: 1 }]);
  expect(revertOwnPart(1)).toEqual([]);
  expect(revertOwnPart(14)).toBeUndefined();
});
