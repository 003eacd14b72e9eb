import rule from '../../../rules/rds/cluster-minor-upgrades-automatic';
import { describeRule } from '../../contract/describe-rule';
import { answering, clusterOf, clusterWith, place, planFor, stoppedClusterWith } from './db-cluster/seed';

describeRule(rule, {
  violations: {
    'a cluster that stays at its version': {
      seed: clusterWith({ AutoMinorVersionUpgrade: false, BackupRetentionPeriod: 9 }),
      async fixed(world, id) {
        expect(await clusterOf(world, id)).toMatchObject({ AutoMinorVersionUpgrade: true, BackupRetentionPeriod: 9 });
      },
    },
  },
  compliant: { 'a cluster that is upgraded by itself': { seed: clusterWith({ AutoMinorVersionUpgrade: true }) } },
  obstacles: {
    'a cluster that is stopped': {
      seed: stoppedClusterWith({ AutoMinorVersionUpgrade: false }),
      outcome: 'unfixable',
      reason: /The cluster is stopped/,
    },
  },
  missing: 'no-such-cluster',
});

it.each(['docdb', 'neptune'])('leaves alone a cluster of %s, which has no such setting', async (Engine) => {
  expect(await planFor(rule, { Engine })).toEqual({ unfixable: expect.stringContaining(Engine), code: 'not-supported' });
  const aws = answering({ DBClusterIdentifier: 'other', Engine }, { DBClusterIdentifier: 'orders', Engine: 'mysql' });
  expect(await rule.list?.(place, aws)).toEqual(['orders']);
});
