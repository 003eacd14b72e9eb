import { PauseClusterCommand } from '@aws-sdk/client-redshift';
import { callOf } from '../../../functions/aws/call';
import rule from '../../../rules/redshift/cluster-snapshots-automatic';
import { describeRule } from '../../contract/describe-rule';
import { changeCluster, clusterOf, clusterWith, pausedClusterWith, planFor, sales } from './cluster/seed';

describeRule(rule, {
  violations: {
    'a cluster that keeps its snapshots for a day': {
      seed: clusterWith({ AutomatedSnapshotRetentionPeriod: 1, AllowVersionUpgrade: false }),
      async fixed(world, id) {
        expect(await clusterOf(world, id)).toMatchObject({ AutomatedSnapshotRetentionPeriod: 7, AllowVersionUpgrade: false });
      },
    },
    'a cluster whose owner wants more': {
      seed: clusterWith({ AutomatedSnapshotRetentionPeriod: 7 }),
      parameters: { retentionDays: 35 },
      async fixed(world, id) {
        expect(await clusterOf(world, id)).toMatchObject({ AutomatedSnapshotRetentionPeriod: 35 });
      },
    },
    'a cluster that somebody lets keep them longer before the rollback': {
      seed: clusterWith({ AutomatedSnapshotRetentionPeriod: 1 }),
      meanwhile: changeCluster({ AutomatedSnapshotRetentionPeriod: 14 }),
      rollback: 'rollback-refused',
    },
    'a cluster of which somebody undoes the fix before the rollback, and pauses it': {
      seed: clusterWith({ AutomatedSnapshotRetentionPeriod: 1 }),
      async meanwhile(world, id) {
        await changeCluster({ AutomatedSnapshotRetentionPeriod: 1 })(world, id);
        await world.send(new PauseClusterCommand({ ClusterIdentifier: id }));
      },
      async rolledBack(world, id) {
        expect(await clusterOf(world, id)).toMatchObject({ AutomatedSnapshotRetentionPeriod: 1, ClusterStatus: 'paused' });
      },
    },
  },
  compliant: {
    'a cluster that keeps its snapshots for a week': { seed: clusterWith({ AutomatedSnapshotRetentionPeriod: 7 }) },
    'a cluster that keeps them longer': { seed: clusterWith({ AutomatedSnapshotRetentionPeriod: 30 }) },
    'a paused cluster that keeps them for a week': { seed: pausedClusterWith({ AutomatedSnapshotRetentionPeriod: 7 }) },
  },
  obstacles: {
    'a paused cluster': { seed: pausedClusterWith({}), outcome: 'unfixable', reason: /The cluster is paused/ },
  },
  missing: 'no-such-cluster',
});

it('turns automated snapshots on where there are none', async () => {
  expect(await planFor(rule, { AutomatedSnapshotRetentionPeriod: 0 })).toMatchObject([
    {
      do: { input: { ClusterIdentifier: 'sales', AutomatedSnapshotRetentionPeriod: 7 } },
      undo: { input: { ClusterIdentifier: 'sales', AutomatedSnapshotRetentionPeriod: 0 } },
    },
  ]);
});

it('takes nothing back that somebody has changed since', () => {
  const revertOwnPart = (days: number) =>
    rule
      .revertOwnPart?.(sales, { days, status: 'modifying' }, { before: { days: 1 }, after: { days: 7 }, parameters: { retentionDays: 7 } })
      ?.map((command) => callOf(command).input);
  expect(revertOwnPart(7)).toEqual([{ ClusterIdentifier: 'sales', AutomatedSnapshotRetentionPeriod: 1 }]);
  expect(revertOwnPart(1)).toEqual([]);
  expect(revertOwnPart(14)).toBeUndefined();
});
