import type { ReplicationGroup } from '@aws-sdk/client-elasticache';
import { cacheCluster } from '../../../rules/elasticache/cache-cluster/resource';
import rule from '../../../rules/elasticache/minor-upgrades-automatic';
import { describeRule } from '../../contract/describe-rule';
import { answering, clusterAt, clusterWith, memberOf, place, planFor } from './seed';

const resource = { ...place, type: cacheCluster.type, id: 'a', arn: 'arn:aws:elasticache:eu-west-1:123456789012:cluster:a' };

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
      reason: /Redis 5.0.6 does not support automatic upgrades/,
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
    code: 'being-modified',
  });
});

it('waits while the group of a cluster is backed up from another member', async () => {
  const member = { CacheClusterStatus: 'available', Engine: 'redis', EngineVersion: '7.1.0', ReplicationGroupId: 'g' };
  const stateBeside = (group: ReplicationGroup) => rule.inspect(resource, answering({ clusters: [member], groups: [group] }));
  expect(await stateBeside({ Status: 'snapshotting' })).toEqual({ automatic: false, group: 'g', status: 'snapshotting' });
  expect(await stateBeside({ Status: 'available' })).toEqual({ automatic: false, group: 'g' });
  const context = { parameters: {}, detectedBy: 'ElastiCache.2', now: new Date(0) };
  expect(rule.plan(resource, { automatic: false, group: 'g', status: 'snapshotting' }, context)).toEqual({
    blocked: expect.stringContaining('The replication group is snapshotting.'),
    code: 'being-modified',
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
