import { callOf } from '../../../functions/aws/call';
import rule from '../../../rules/elasticache/failover-automatic';
import { describeRule } from '../../contract/describe-rule';
import { answering, changeGroup, groupAt, groupWith, place, planFor } from './seed';

describeRule(rule, {
  violations: {
    'a group without failover': {
      seed: groupWith({ AutomaticFailoverEnabled: false, SnapshotRetentionLimit: 3 }),
      async fixed(world, arn) {
        expect(await groupAt(world, arn)).toMatchObject({ AutomaticFailover: 'enabled', SnapshotRetentionLimit: 3 });
      },
    },
    'a group that shall fail over from now on': {
      seed: groupWith({ AutomaticFailoverEnabled: false }),
      parameters: { applyImmediately: true },
    },
    'a group whose failover somebody turns off before the rollback, for smaller nodes': {
      seed: groupWith({ AutomaticFailoverEnabled: false, CacheNodeType: 'cache.m7g.large' }),
      meanwhile: (world, arn) => changeGroup(world, arn, { AutomaticFailoverEnabled: false, CacheNodeType: 'cache.t1.micro' }),
      rolledBack: async (world, arn) =>
        expect(await groupAt(world, arn)).toMatchObject({ AutomaticFailover: 'disabled', CacheNodeType: 'cache.t1.micro' }),
    },
  },
  compliant: { 'a group with failover': { seed: groupWith({ AutomaticFailoverEnabled: true }) } },
  obstacles: {
    'a group without a replica': { seed: groupWith({ NumCacheClusters: 1 }), outcome: 'unfixable', reason: /no replica.*Add one/ },
    'small old nodes': { seed: groupWith({ CacheNodeType: 'cache.t1.micro' }), outcome: 'unfixable', reason: /Choose another type/ },
  },
  missing: 'no-such-group',
});

const NodeGroups = [{ NodeGroupMembers: [{ CacheClusterId: 'a' }, { CacheClusterId: 'b' }] }];

describe('the plan', () => {
  it('leaves the change to the maintenance window', async () => {
    const input = { ReplicationGroupId: 'sessions' };
    expect(await planFor(rule, { group: { NodeGroups } })).toEqual([
      {
        do: expect.objectContaining({ input: { ...input, AutomaticFailoverEnabled: true } }),
        undo: expect.objectContaining({ input: { ...input, AutomaticFailoverEnabled: false } }),
      },
    ]);
  });

  it('is at once where the owner says so', async () => {
    expect(await planFor(rule, { group: { NodeGroups } }, { applyImmediately: true })).toMatchObject([
      { do: { input: { ApplyImmediately: true } }, undo: { input: { ApplyImmediately: true } } },
    ]);
  });

  it('says when failover is being turned on', async () => {
    const blocked = { blocked: expect.stringContaining('maintenance window'), code: 'waiting-for-maintenance-window' };
    expect(await planFor(rule, { group: { NodeGroups, AutomaticFailover: 'enabling' } })).toEqual(blocked);
    expect(await planFor(rule, { group: { NodeGroups, PendingModifiedValues: { AutomaticFailoverStatus: 'enabled' } } })).toEqual(blocked);
    expect(await planFor(rule, { group: { NodeGroups, PendingModifiedValues: { AutomaticFailoverStatus: 'disabled' } } })).toHaveLength(1);
  });

  it('asks for a replica in each shard', async () => {
    const shards = [...NodeGroups, { NodeGroupMembers: [{ CacheClusterId: 'c' }] }];
    expect(await planFor(rule, { group: { NodeGroups: shards } })).toEqual({
      unfixable: expect.stringContaining('no replica'),
      code: 'no-replica',
    });
  });

  it('leaves the members of a global datastore to it', async () => {
    const GlobalReplicationGroupInfo = { GlobalReplicationGroupId: 'ldgnf-sessions', GlobalReplicationGroupMemberRole: 'PRIMARY' };
    expect(await planFor(rule, { group: { NodeGroups, GlobalReplicationGroupInfo } })).toEqual({
      unfixable: expect.stringContaining('global datastore ldgnf-sessions'),
      code: 'global-datastore-member',
    });
    expect(await planFor(rule, { group: { NodeGroups, GlobalReplicationGroupInfo: {} } })).toHaveLength(1);
  });

  it('waits while a group is modifying', async () => {
    expect(await planFor(rule, { group: { NodeGroups, Status: 'modifying' } })).toEqual({
      blocked: expect.stringContaining('modifying'),
      code: 'being-modified',
    });
  });
});

it('a rollback before the maintenance window takes the decision back', () => {
  const resource = { ...place, type: 'AWS::ElastiCache::ReplicationGroup', id: 'sessions', arn: 'arn' };
  const revertOwnPart = (now: { failover: boolean; decided?: true }) =>
    rule
      .revertOwnPart?.(resource, now, { before: { failover: false }, after: now, parameters: { applyImmediately: false } })
      ?.map((command) => callOf(command).input);
  const off = [{ ReplicationGroupId: 'sessions', AutomaticFailoverEnabled: false }];
  expect(revertOwnPart({ failover: false, decided: true })).toEqual(off);
  expect(revertOwnPart({ failover: true })).toEqual(off);
  expect(revertOwnPart({ failover: false })).toEqual([]);
});

it('lists the groups of all pages', async () => {
  expect(await rule.list?.(place, answering({ groups: [{ ARN: 'g' }, { ARN: 'h' }] }))).toEqual(['g', 'h']);
});
