import rule from '../../../rules/elasticache/minor-upgrades-automatic';
import { describeRule } from '../../contract/describe-rule';
import { answering, clusterAt, clusterWith, memberOf, place, planFor } from './seed';

describeRule(rule, {
  violations: {
    'a cluster that stays at its version': {
      seed: clusterWith({ AutoMinorVersionUpgrade: false, SnapshotRetentionLimit: 3 }),
      async fixed(world, arn) {
        expect(await clusterAt(world, arn)).toMatchObject({ AutoMinorVersionUpgrade: true, SnapshotRetentionLimit: 3 });
      },
    },
    'a member of a group that stays at its version': {
      seed: memberOf({ AutoMinorVersionUpgrade: false }),
      async fixed(world, arn) {
        expect(await clusterAt(world, arn.replace('-002', '-001'))).toMatchObject({ AutoMinorVersionUpgrade: true });
      },
    },
  },
  compliant: {
    'a cluster that is upgraded by itself': { seed: clusterWith({ AutoMinorVersionUpgrade: true }) },
    'a member of a group that is': { seed: memberOf({}) },
  },
  obstacles: {
    'a cluster of Memcached': {
      seed: clusterWith({ Engine: 'memcached', EngineVersion: '1.6.22', AutoMinorVersionUpgrade: false }),
      outcome: 'unfixable',
      reason: /Memcached/,
    },
    'an old version': {
      seed: clusterWith({ EngineVersion: '5.0.6', AutoMinorVersionUpgrade: false }),
      outcome: 'unfixable',
      reason: /Redis 5.0.6 has no automatic upgrades/,
    },
  },
  missing: 'no-such-cluster',
});

it.each(['6.2', '7.1.0', '10.0'])('upgrades version %s', async (EngineVersion) => {
  expect(await planFor(rule, { cluster: { EngineVersion } })).toHaveLength(1);
});

it('waits while a cluster is modifying', async () => {
  expect(await planFor(rule, { cluster: { EngineVersion: '7.1.0', CacheClusterStatus: 'modifying' } })).toEqual({
    blocked: expect.stringContaining('modifying'),
  });
});

it('lists clusters of all pages, in groups or not', async () => {
  const clusters = [
    { ARN: 'a', Engine: 'redis' },
    { ARN: 'c', Engine: 'memcached' },
    { ARN: 'd', Engine: 'redis', ReplicationGroupId: 'g' },
  ];
  expect(await rule.list?.(place, answering({ clusters }))).toEqual(['a', 'd']);
});
