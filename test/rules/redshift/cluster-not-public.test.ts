import rule from '../../../rules/redshift/cluster-not-public';
import { describeRule } from '../../contract/describe-rule';
import { clusterOf, clusterWith, pausedClusterWith, planFor } from './cluster/seed';

describeRule(rule, {
  violations: {
    'a public cluster': {
      seed: clusterWith({ PubliclyAccessible: true, EnhancedVpcRouting: true }),
      async fixed(world, id) {
        expect(await clusterOf(world, id)).toMatchObject({ PubliclyAccessible: false, EnhancedVpcRouting: true });
      },
    },
  },
  compliant: {
    'a private cluster': { seed: clusterWith({ PubliclyAccessible: false }) },
    'a private cluster that is paused': { seed: pausedClusterWith({ PubliclyAccessible: false }) },
  },
  obstacles: {
    'a paused cluster': { seed: pausedClusterWith({ PubliclyAccessible: true }), outcome: 'unfixable', reason: /The cluster is paused/ },
  },
  missing: 'no-such-cluster',
});

it('gives a cluster its Elastic IP address back', async () => {
  expect(await planFor(rule, { PubliclyAccessible: true, ElasticIpStatus: { ElasticIp: '203.0.113.7', Status: 'active' } })).toMatchObject([
    {
      do: { input: { ClusterIdentifier: 'sales', PubliclyAccessible: false } },
      undo: { input: { ClusterIdentifier: 'sales', PubliclyAccessible: true, ElasticIp: '203.0.113.7' } },
    },
  ]);
});

it('waits while a cluster is modifying', async () => {
  expect(await planFor(rule, { PubliclyAccessible: true, ClusterStatus: 'modifying' })).toEqual({
    blocked: expect.stringContaining('modifying'),
    code: 'being-modified',
  });
});
