import { AddTagsToResourceCommand, CreateDBClusterSnapshotCommand } from '@aws-sdk/client-rds';
import rule from '../../../rules/rds/cluster-tags-copied-to-snapshots';
import { describeRule } from '../../contract/describe-rule';
import { answering, clusterOf, clusterWith, place, planFor, stoppedClusterWith } from './db-cluster/seed';

describeRule(rule, {
  violations: {
    'a cluster with tags that its snapshots lack': {
      async seed(world) {
        const id = await clusterWith({ CopyTagsToSnapshot: false })(world);
        const { DBClusterArn: ResourceName } = await clusterOf(world, id);
        await world.send(new AddTagsToResourceCommand({ ResourceName, Tags: [{ Key: 'owner', Value: 'billing' }] }));
        return id;
      },
      async fixed(world, DBClusterIdentifier) {
        const request = new CreateDBClusterSnapshotCommand({ DBClusterIdentifier, DBClusterSnapshotIdentifier: 'after' });
        const { DBClusterSnapshot } = await world.send(request);
        expect(DBClusterSnapshot?.TagList).toEqual([{ Key: 'owner', Value: 'billing' }]);
      },
    },
  },
  compliant: { 'a cluster that copies its tags': { seed: clusterWith({ CopyTagsToSnapshot: true }) } },
  obstacles: {
    'a cluster that is stopped': { seed: stoppedClusterWith({}), outcome: 'unfixable', reason: /The cluster is stopped/ },
  },
  missing: 'no-such-cluster',
});

it('changes nothing but the copying', async () => {
  const input = { DBClusterIdentifier: 'orders' };
  expect(await planFor(rule, { Engine: 'mysql' })).toEqual([
    {
      do: expect.objectContaining({ input: { ...input, CopyTagsToSnapshot: true } }),
      undo: expect.objectContaining({ input: { ...input, CopyTagsToSnapshot: false } }),
    },
  ]);
});

it('leaves alone a cluster of Amazon DocumentDB, which has no such setting', async () => {
  expect(await planFor(rule, { Engine: 'docdb' })).toEqual({
    unfixable: expect.stringContaining('Amazon DocumentDB'),
    code: 'not-supported',
  });
  const aws = answering(
    { DBClusterIdentifier: 'documents', Engine: 'docdb' },
    { DBClusterIdentifier: 'orders', Engine: 'aurora-postgresql' },
  );
  expect(await rule.list?.(place, aws)).toEqual(['orders']);
});
