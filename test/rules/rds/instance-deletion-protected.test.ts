import rule from '../../../rules/rds/instance-deletion-protected';
import { describeRule } from '../../contract/describe-rule';
import { answering, instanceOf, instanceWith, place, planFor, stoppedInstanceWith } from './db-instance/seed';

describeRule(rule, {
  violations: {
    'an instance that anybody may delete': {
      seed: instanceWith({ DeletionProtection: false, BackupRetentionPeriod: 7, PreferredBackupWindow: '03:00-04:00' }),
      configId: async (world, id) => (await instanceOf(world, id)).DbiResourceId ?? '',
      async fixed(world, id) {
        expect(await instanceOf(world, id)).toMatchObject({
          DeletionProtection: true,
          BackupRetentionPeriod: 7,
          PreferredBackupWindow: '03:00-04:00',
        });
      },
    },
  },
  compliant: {
    'a protected instance': { seed: instanceWith({ DeletionProtection: true }) },
    'a protected instance that is stopped': { seed: stoppedInstanceWith({ DeletionProtection: true }) },
  },
  obstacles: {
    'an instance that is stopped': { seed: stoppedInstanceWith({}), outcome: 'unfixable', reason: /The instance is stopped/ },
  },
  missing: 'no-such-instance',
});

describe('the plan', () => {
  it('leaves to their maintenance window the changes that wait for it', async () => {
    const input = { DBInstanceIdentifier: 'orders' };
    expect(await planFor(rule, { PendingModifiedValues: { DBInstanceClass: 'db.r6g.16xlarge' } })).toEqual([
      {
        do: expect.objectContaining({ input: { ...input, DeletionProtection: true } }),
        undo: expect.objectContaining({ input: { ...input, DeletionProtection: false } }),
      },
    ]);
  });

  it.each(['creating', 'modifying', 'backing-up', 'a-status-of-tomorrow'])('waits while an instance is %s', async (status) => {
    expect(await planFor(rule, { DBInstanceStatus: status })).toEqual({
      blocked: expect.stringContaining(`The instance is ${status}.`),
      code: 'being-modified',
    });
  });

  it.each(['aurora-mysql', 'postgres', 'docdb', 'neptune'])('can do nothing for a member of a cluster of %s', async (Engine) => {
    const member = { Engine, DBClusterIdentifier: 'orders-cluster', DBInstanceStatus: 'modifying' };
    expect(await planFor(rule, member)).toEqual({
      unfixable: expect.stringContaining('DB cluster orders-cluster, and only the cluster'),
      code: 'cluster-member',
    });
  });
});

it('lists no members of clusters', async () => {
  const aws = answering({ DBInstanceIdentifier: 'alone' }, { DBInstanceIdentifier: 'member', DBClusterIdentifier: 'orders-cluster' });
  expect(await rule.list?.(place, aws)).toEqual(['alone']);
});
