import rule from '../../../rules/rds/cluster-deletion-protected';
import { dbCluster } from '../../../rules/rds/db-cluster/resource';
import { describeRule } from '../../contract/describe-rule';
import { answering, clusterOf, clusterWith, place, planFor, stoppedClusterWith } from './db-cluster/seed';

describeRule(rule, {
  violations: {
    'a cluster that anybody may delete': {
      seed: clusterWith({ DeletionProtection: false, BackupRetentionPeriod: 7 }),
      async fixed(world, id) {
        expect(await clusterOf(world, id)).toMatchObject({ DeletionProtection: true, BackupRetentionPeriod: 7 });
      },
    },
    'a cluster of Amazon Neptune': { seed: clusterWith({ Engine: 'neptune' }), detectedBy: 'Neptune.4' },
  },
  compliant: {
    'a protected cluster': { seed: clusterWith({ DeletionProtection: true }) },
    'a protected cluster that is stopped': { seed: stoppedClusterWith({ DeletionProtection: true }) },
  },
  obstacles: {
    'a cluster that is stopped': { seed: stoppedClusterWith({}), outcome: 'unfixable', reason: /The cluster is stopped/ },
  },
  missing: 'no-such-cluster',
});

describe('the plan', () => {
  it('changes nothing but the protection', async () => {
    const input = { DBClusterIdentifier: 'orders' };
    expect(await planFor(rule, { Engine: 'docdb' })).toEqual([
      {
        do: expect.objectContaining({ input: { ...input, DeletionProtection: true } }),
        undo: expect.objectContaining({ input: { ...input, DeletionProtection: false } }),
      },
    ]);
  });

  it.each(['backing-up', 'modifying', 'failing-over', 'starting'])('waits while a cluster is %s', async (Status) => {
    expect(await planFor(rule, { Status })).toEqual({
      blocked: expect.stringContaining(`The cluster is ${Status}.`),
      code: 'being-modified',
    });
  });

  it.each(['stopped', 'migration-failed', 'cloning-failed', 'inaccessible-encryption-credentials'])(
    'leaves a cluster that is %s to somebody who can help it',
    async (Status) => {
      expect(await planFor(rule, { Status })).toEqual({
        unfixable: expect.stringContaining(`The cluster is ${Status},`),
        code: Status === 'stopped' ? 'cluster-stopped' : 'resource-failed',
      });
    },
  );
});

it("takes for AWS Config's cluster none but the one with that very resource id", async () => {
  const cluster = {
    DbClusterResourceId: 'cluster-BBBBBBBBBBBBBBBBBBBBBBBBBB',
    DBClusterArn: 'arn:aws:rds:eu-west-1:123456789012:cluster:two',
  };
  expect(await dbCluster.resolve?.('cluster-BBBBBBBBBBBBBBBBBBBBBBBBBB', place, answering(cluster))).toEqual([cluster.DBClusterArn]);
  expect(await dbCluster.resolve?.('cluster-AAAAAAAAAAAAAAAAAAAAAAAAAA', place, answering(cluster))).toEqual([]);
});
