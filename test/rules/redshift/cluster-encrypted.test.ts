import rule from '../../../rules/redshift/cluster-encrypted';
import { describeRule } from '../../contract/describe-rule';
import { clusterOf, clusterWith, pausedClusterWith } from './cluster/seed';

describeRule(rule, {
  violations: {
    'a cluster that is not encrypted': {
      seed: clusterWith({ Encrypted: false, AutomatedSnapshotRetentionPeriod: 3, PubliclyAccessible: true }),
      async fixed(world, id) {
        expect(await clusterOf(world, id)).toMatchObject({
          Encrypted: true,
          AutomatedSnapshotRetentionPeriod: 3,
          PubliclyAccessible: true,
        });
      },
    },
  },
  compliant: {
    'a cluster that is encrypted': { seed: clusterWith({ Encrypted: true }) },
    'a cluster that is encrypted, and is paused': { seed: pausedClusterWith({ Encrypted: true }) },
  },
  obstacles: {
    'a paused cluster': { seed: pausedClusterWith({ Encrypted: false }), outcome: 'unfixable', reason: /The cluster is paused/ },
  },
  missing: 'no-such-cluster',
});
