import { callOf } from '../../../functions/aws/call';
import rule from '../../../rules/elasticache/backups-automatic';
import { describeRule } from '../../contract/describe-rule';
import { answering, changeCluster, changeGroup, clusterAt, clusterWith, groupAt, groupWith, memberOf, place, planFor } from './seed';

const byConfig = { detectedBy: 'elasticache-redis-cluster-automatic-backup-check' };

describeRule(rule, {
  violations: {
    'a cluster without backups': {
      seed: clusterWith({ SnapshotRetentionLimit: 0, SnapshotWindow: '03:00-04:00' }),
      async fixed(world, arn) {
        expect(await clusterAt(world, arn)).toMatchObject({ SnapshotRetentionLimit: 1, SnapshotWindow: '03:00-04:00' });
      },
    },
    'a group without backups': {
      seed: groupWith({}),
      async fixed(world, arn) {
        const { ReplicationGroupId } = await groupAt(world, arn);
        const SnapshottingClusterId = `${ReplicationGroupId}-002`;
        expect(await groupAt(world, arn)).toMatchObject({ SnapshotRetentionLimit: 1, SnapshottingClusterId });
      },
      // The member stays chosen, for the day that somebody turns backups on.
      async rolledBack(world, arn) {
        expect(await groupAt(world, arn)).toMatchObject({ SnapshotRetentionLimit: 0 });
      },
    },
    'a group with shards, without backups': {
      seed: groupWith({ NumNodeGroups: 1 }),
      async fixed(world, arn) {
        const group = await groupAt(world, arn);
        expect(group).toMatchObject({ SnapshotRetentionLimit: 1 });
        expect(group).not.toHaveProperty('SnapshottingClusterId');
      },
    },
    'a group that keeps backups for less than AWS Config asks for': {
      ...byConfig,
      seed: groupWith({ SnapshotRetentionLimit: 3 }),
      fixed: async (world, arn) => expect(await groupAt(world, arn)).toMatchObject({ SnapshotRetentionLimit: 15 }),
    },
    'a cluster whose owner wants more': {
      seed: clusterWith({ Engine: 'valkey', SnapshotRetentionLimit: 5 }),
      parameters: { retentionDays: 35 },
      fixed: async (world, arn) => expect(await clusterAt(world, arn)).toMatchObject({ SnapshotRetentionLimit: 35 }),
    },
    'a cluster that somebody moves to a small old node before the rollback': {
      seed: clusterWith({ SnapshotRetentionLimit: 0 }),
      meanwhile: (world, arn) => changeCluster(world, arn, { CacheNodeType: 'cache.t1.micro' }),
      rolledBack: async (world, arn) =>
        expect(await clusterAt(world, arn)).toMatchObject({ SnapshotRetentionLimit: 0, CacheNodeType: 'cache.t1.micro' }),
    },
    'a group that somebody lets keep backups for a week before the rollback': {
      seed: groupWith({}),
      meanwhile: (world, arn) => changeGroup(world, arn, { SnapshotRetentionLimit: 7 }),
      rollback: 'rollback-refused',
    },
  },
  compliant: {
    'a cluster with backups': { seed: clusterWith({ SnapshotRetentionLimit: 1 }) },
    'a group with backups for long': { ...byConfig, seed: groupWith({ SnapshotRetentionLimit: 20 }) },
    'a member of a group that is backed up from another one': { seed: memberOf({ SnapshotRetentionLimit: 1 }) },
  },
  obstacles: {
    'a cluster of Memcached': {
      seed: clusterWith({ Engine: 'memcached' }),
      outcome: 'unfixable',
      reason: /Memcached does not support backups/,
    },
    'a small old node': { seed: clusterWith({ CacheNodeType: 'cache.t1.micro' }), outcome: 'unfixable', reason: /Choose another type/ },
    'a group that was deleted since': {
      seed: async ({ region, account }) => `arn:aws:elasticache:${region}:${account}:replicationgroup:deleted`,
      outcome: 'resource-not-found',
    },
  },
  missing: 'no-such-cluster',
});

describe('the plan', () => {
  it('keeps the member that a group was backed up from before', async () => {
    const NodeGroups = [{ NodeGroupMembers: [{ CacheClusterId: 'a' }, { CacheClusterId: 'b', CurrentRole: 'replica' }] }];
    expect(await planFor(rule, { group: { NodeGroups, SnapshottingClusterId: 'a' } })).toMatchObject([
      { do: { input: { SnapshottingClusterId: 'a' } } },
    ]);
    expect(await planFor(rule, { group: { NodeGroups } })).toMatchObject([{ do: { input: { SnapshottingClusterId: 'b' } } }]);
  });

  it('takes the first replica by name, whatever the order, and says which', async () => {
    const members = ['c', 'b'].map((CacheClusterId) => ({ CacheClusterId, CurrentRole: 'replica' }));
    for (const NodeGroupMembers of [members, members.toReversed()])
      expect(await planFor(rule, { group: { NodeGroups: [{ NodeGroupMembers }] } })).toMatchObject([
        { do: { input: { SnapshottingClusterId: 'b' } }, note: expect.stringMatching(/^Backups are created from b: a replica/) },
      ]);
  });

  it('takes the primary where there is no other', async () => {
    const NodeGroups = [{ NodeGroupMembers: [{ CacheClusterId: 'a', CurrentRole: 'primary' }] }];
    expect(await planFor(rule, { group: { NodeGroups } })).toMatchObject([{ do: { input: { SnapshottingClusterId: 'a' } } }]);
  });

  it.each(['creating', 'modifying', 'snapshotting', 'a-status-of-tomorrow'])('waits while it is %s', async (status) => {
    expect(await planFor(rule, { cluster: { CacheClusterStatus: status } })).toEqual({
      blocked: expect.stringContaining(`The cluster is ${status}.`),
      code: 'being-modified',
    });
    expect(await planFor(rule, { group: { Status: status } })).toEqual({
      blocked: expect.stringContaining(`The replication group is ${status}.`),
      code: 'being-modified',
    });
  });

  it.each(['incompatible-network', 'restore-failed'])('can do nothing while it is %s', async (status) => {
    expect(await planFor(rule, { cluster: { CacheClusterStatus: status } })).toEqual({
      unfixable: expect.stringContaining(status),
      code: 'resource-failed',
    });
  });
});

it('takes nothing back that somebody has changed since', () => {
  const resource = { ...place, type: 'AWS::ElastiCache::ReplicationGroup', id: 'sessions', arn: 'arn' };
  const revertOwnPart = (days: number) =>
    rule
      .revertOwnPart?.(
        resource,
        { days, group: 'sessions', status: 'snapshotting' },
        { before: { days: 0, group: 'sessions' }, after: { days: 1, group: 'sessions' }, parameters: {} },
      )
      ?.map((command) => callOf(command).input);
  expect(revertOwnPart(1)).toEqual([{ ReplicationGroupId: 'sessions', SnapshotRetentionLimit: 0 }]);
  expect(revertOwnPart(0)).toEqual([]);
  expect(revertOwnPart(7)).toBeUndefined();
});

it('lists groups, and clusters that are in none, of all pages', async () => {
  const clusters = [
    { ARN: 'a', Engine: 'redis' },
    { ARN: 'b', Engine: 'valkey' },
    { ARN: 'c', Engine: 'memcached' },
    { ARN: 'd', Engine: 'redis', ReplicationGroupId: 'g' },
  ];
  expect(await rule.list?.(place, answering({ clusters, groups: [{ ARN: 'g' }, { ARN: 'h' }] }))).toEqual(['a', 'b', 'g', 'h']);
});
