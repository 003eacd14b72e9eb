import rule from '../../../rules/redshift/cluster-vpc-routing-enhanced';
import { describeRule } from '../../contract/describe-rule';
import { clusterOf, clusterWith, pausedClusterWith } from './cluster/seed';

describeRule(rule, {
  violations: {
    'a cluster that loads data over the internet': {
      seed: clusterWith({ EnhancedVpcRouting: false, AutomatedSnapshotRetentionPeriod: 3, PubliclyAccessible: true }),
      async fixed(world, id) {
        expect(await clusterOf(world, id)).toMatchObject({
          EnhancedVpcRouting: true,
          AutomatedSnapshotRetentionPeriod: 3,
          PubliclyAccessible: true,
        });
      },
    },
  },
  compliant: {
    'a cluster that loads data through its VPC': { seed: clusterWith({ EnhancedVpcRouting: true }) },
    'a cluster that loads data through its VPC, and is paused': { seed: pausedClusterWith({ EnhancedVpcRouting: true }) },
  },
  obstacles: {
    'a paused cluster': { seed: pausedClusterWith({ EnhancedVpcRouting: false }), outcome: 'unfixable', reason: /The cluster is paused/ },
  },
  missing: 'no-such-cluster',
});
