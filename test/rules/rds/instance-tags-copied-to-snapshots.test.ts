import rule from '../../../rules/rds/instance-tags-copied-to-snapshots';
import { describeRule } from '../../contract/describe-rule';
import { answering, instanceOf, instanceWith, place, planFor, stoppedInstanceWith } from './db-instance/seed';

describeRule(rule, {
  violations: {
    'an instance whose snapshots lack its tags': {
      seed: instanceWith({ CopyTagsToSnapshot: false, BackupRetentionPeriod: 7, Tags: [{ Key: 'owner', Value: 'billing' }] }),
      configId: async (world, id) => (await instanceOf(world, id)).DbiResourceId ?? '',
      async fixed(world, id) {
        expect(await instanceOf(world, id)).toMatchObject({ CopyTagsToSnapshot: true, BackupRetentionPeriod: 7 });
      },
    },
  },
  compliant: {
    'an instance that copies its tags': { seed: instanceWith({ CopyTagsToSnapshot: true }) },
    'an instance that copies its tags and is stopped': { seed: stoppedInstanceWith({ CopyTagsToSnapshot: true }) },
  },
  obstacles: {
    'an instance that is stopped': { seed: stoppedInstanceWith({}), outcome: 'unfixable', reason: /The instance is stopped/ },
  },
  missing: 'no-such-instance',
});

it('leaves alone the members of a cluster', async () => {
  const member = { Engine: 'aurora-mysql', DBClusterIdentifier: 'orders-cluster' };
  expect(await planFor(rule, member)).toEqual({
    unfixable: expect.stringContaining('DB cluster orders-cluster'),
    code: 'cluster-member',
  });
  const aws = answering({ DBInstanceIdentifier: 'alone' }, { DBInstanceIdentifier: 'member', ...member });
  expect(await rule.list?.(place, aws)).toEqual(['alone']);
});
