import rule from '../../../rules/redshift/cluster-major-upgrades-automatic';
import { describeRule } from '../../contract/describe-rule';
import { answering, clusterOf, clusterWith, pausedClusterWith, place, planFor } from './cluster/seed';

describeRule(rule, {
  violations: {
    'a cluster that stays at its major version': {
      seed: clusterWith({ AllowVersionUpgrade: false, AutomatedSnapshotRetentionPeriod: 3, PubliclyAccessible: true }),
      async fixed(world, id) {
        expect(await clusterOf(world, id)).toMatchObject({
          AllowVersionUpgrade: true,
          AutomatedSnapshotRetentionPeriod: 3,
          PubliclyAccessible: true,
        });
      },
    },
  },
  compliant: {
    'a cluster that is upgraded by itself': { seed: clusterWith({ AllowVersionUpgrade: true }) },
    'a cluster that is upgraded by itself, and is paused': { seed: pausedClusterWith({ AllowVersionUpgrade: true }) },
  },
  obstacles: {
    'a paused cluster': { seed: pausedClusterWith({ AllowVersionUpgrade: false }), outcome: 'unfixable', reason: /The cluster is paused/ },
  },
  missing: 'no-such-cluster',
});

it.each(['creating', 'modifying', 'resizing', 'available, prep-for-resize', 'a-status-of-tomorrow'])(
  'waits while a cluster is %s',
  async (ClusterStatus) => {
    expect(await planFor(rule, { ClusterStatus })).toEqual({
      blocked: expect.stringContaining(`The cluster is ${ClusterStatus}.`),
      code: 'being-modified',
    });
  },
);

it.each(['storage-full', 'hardware-failure', 'incompatible-network'])('can do nothing while a cluster is %s', async (ClusterStatus) => {
  expect(await planFor(rule, { ClusterStatus })).toEqual({
    unfixable: expect.stringContaining(ClusterStatus),
    code: ClusterStatus === 'storage-full' ? 'storage-full' : 'resource-failed',
  });
});

it('lists the clusters of all pages', async () => {
  expect(await rule.list?.(place, answering({ ClusterIdentifier: 'a' }, { ClusterIdentifier: 'b' }, {}))).toEqual(['a', 'b']);
});
