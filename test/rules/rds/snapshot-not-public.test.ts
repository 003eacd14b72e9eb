import {
  CreateDBClusterCommand,
  CreateDBClusterSnapshotCommand,
  CreateDBInstanceCommand,
  CreateDBSnapshotCommand,
  DescribeDBClusterSnapshotAttributesCommand,
  DescribeDBSnapshotAttributesCommand,
  ModifyDBClusterSnapshotAttributeCommand,
  ModifyDBSnapshotAttributeCommand,
} from '@aws-sdk/client-rds';
import rule from '../../../rules/rds/snapshot-not-public';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';

const named = ['111111111111', '222222222222'];

describeRule(rule, {
  violations: {
    'a public snapshot of an instance': { seed: snapshotFor(['all']), fixed: (world, id) => expectRestorable(world, id, []) },
    'a public snapshot of an instance that is shared with named accounts too': {
      seed: snapshotFor([...named, 'all']),
      fixed: (world, id) => expectRestorable(world, id, named),
    },
    'a public snapshot of a cluster': {
      seed: clusterSnapshotFor(['all']),
      fixed: (world, arn) => expectClusterRestorable(world, arn, []),
    },
    'a public snapshot of a cluster that is shared with named accounts too': {
      seed: clusterSnapshotFor(['all', ...named]),
      fixed: (world, arn) => expectClusterRestorable(world, arn, named),
    },
    'a public snapshot of a Neptune cluster': {
      seed: clusterSnapshotFor([...named, 'all'], 'neptune'),
      detectedBy: 'Neptune.3',
      fixed: (world, arn) => expectClusterRestorable(world, arn, named),
    },
    // The emulator makes no clusters of Amazon DocumentDB; AWS has their snapshots behind the same calls.
    'a public snapshot of a cluster, as DocumentDB.3 finds it': {
      seed: clusterSnapshotFor(['all']),
      detectedBy: 'DocumentDB.3',
      fixed: (world, arn) => expectClusterRestorable(world, arn, []),
    },
  },
  compliant: {
    'a snapshot of an instance that is not shared': { seed: snapshotFor([]) },
    'a snapshot of an instance that is shared with named accounts': { seed: snapshotFor(named) },
    'a snapshot of a cluster that is shared with named accounts': { seed: clusterSnapshotFor(named) },
  },
  obstacles: {
    'a snapshot of a cluster that was deleted since': {
      seed: async ({ region, account }) => `arn:aws:rds:${region}:${account}:cluster-snapshot:deleted`,
      outcome: 'resource-not-found',
    },
  },
  missing: 'no-such-snapshot',
});

function snapshotFor(ValuesToAdd: string[]) {
  return async (world: World): Promise<string> => {
    const DBInstanceIdentifier = `db-${Math.random().toString(36).slice(2)}`;
    const DBSnapshotIdentifier = `${DBInstanceIdentifier}-snapshot`;
    await world.send(new CreateDBInstanceCommand({ DBInstanceIdentifier, DBInstanceClass: 'db.t3.micro', Engine: 'mysql' }));
    await world.send(new CreateDBSnapshotCommand({ DBInstanceIdentifier, DBSnapshotIdentifier }));
    if (ValuesToAdd.length > 0)
      await world.send(new ModifyDBSnapshotAttributeCommand({ DBSnapshotIdentifier, AttributeName: 'restore', ValuesToAdd }));
    return DBSnapshotIdentifier;
  };
}

function clusterSnapshotFor(ValuesToAdd: string[], Engine = 'aurora-mysql') {
  return async (world: World): Promise<string> => {
    const DBClusterIdentifier = `cluster-${Math.random().toString(36).slice(2)}`;
    const DBClusterSnapshotIdentifier = `${DBClusterIdentifier}-snapshot`;
    await world.send(
      new CreateDBClusterCommand({
        DBClusterIdentifier,
        Engine,
        MasterUsername: 'root',
        MasterUserPassword: 'correct horse',
      }),
    );
    const { DBClusterSnapshot } = await world.send(
      new CreateDBClusterSnapshotCommand({ DBClusterIdentifier, DBClusterSnapshotIdentifier }),
    );
    if (ValuesToAdd.length > 0)
      await world.send(new ModifyDBClusterSnapshotAttributeCommand({ DBClusterSnapshotIdentifier, AttributeName: 'restore', ValuesToAdd }));
    return DBClusterSnapshot?.DBClusterSnapshotArn ?? '';
  };
}

async function expectRestorable(world: World, DBSnapshotIdentifier: string, accounts: readonly string[]): Promise<void> {
  const { DBSnapshotAttributesResult } = await world.send(new DescribeDBSnapshotAttributesCommand({ DBSnapshotIdentifier }));
  const restore = DBSnapshotAttributesResult?.DBSnapshotAttributes?.find(({ AttributeName }) => AttributeName === 'restore');
  expect((restore?.AttributeValues ?? []).toSorted()).toEqual(accounts.toSorted());
}

async function expectClusterRestorable(world: World, arn: string, accounts: readonly string[]): Promise<void> {
  const DBClusterSnapshotIdentifier = arn.slice(arn.lastIndexOf(':') + 1);
  const answer = await world.send(new DescribeDBClusterSnapshotAttributesCommand({ DBClusterSnapshotIdentifier }));
  const restore = answer.DBClusterSnapshotAttributesResult?.DBClusterSnapshotAttributes?.find(
    ({ AttributeName }) => AttributeName === 'restore',
  );
  expect((restore?.AttributeValues ?? []).toSorted()).toEqual(accounts.toSorted());
}
