import {
  CreateDBClusterSnapshotCommand,
  CreateDBSnapshotCommand,
  DescribeDBClusterSnapshotsCommand,
  DescribeDBSnapshotsCommand,
} from '@aws-sdk/client-rds';
import { undefinedOn } from '../../absence';
import { amend } from '../../amendment';
import type { Aws, Change, Collected, CollectedFor, Grant, Targets } from '../../rule';
import { clusters } from '../db-cluster/describe';
import { instances } from '../db-instance/describe';

/** The name of the snapshot of a remediation, so that there is only one. */
const nameFor = ({ remediation }: Pick<CollectedFor, 'remediation'>): string => `posture-${remediation.toLowerCase()}`;

/** Tags of Amazon RDS can't have other characters. */
const labelOf = (text: string): string => text.replace(/[^\p{L}\p{N} +\-=._:/@]/gu, '_').slice(0, 256);

/** Of the cluster for a member, whose storage is that of the cluster. */
export function snapshotChange(
  id: string,
  cluster: string | undefined,
  { collectedFor, by, now }: { readonly collectedFor?: CollectedFor | undefined; readonly by: string; readonly now: Date },
): Change {
  const { remediation = 'none', finding = 'none' } = collectedFor ?? {};
  const name = nameFor({ remediation });
  const Tags = [
    { Key: 'posture:evidence', Value: 'true' },
    { Key: 'posture:remediation', Value: remediation },
    { Key: 'posture:finding', Value: labelOf(finding) },
    { Key: 'posture:collected-by', Value: by },
    { Key: 'posture:collected-at', Value: now.toISOString() },
  ];
  return {
    do:
      cluster === undefined
        ? new CollectSnapshotCommand({ DBInstanceIdentifier: id, DBSnapshotIdentifier: name, Tags })
        : new CollectClusterSnapshotCommand({ DBClusterIdentifier: cluster, DBClusterSnapshotIdentifier: name, Tags }),
    evidence: 'The snapshot stays, and is billed, until a person deletes it.',
    // The change of the security groups is under way.
    retryOn: ['InvalidDBInstanceState', 'InvalidDBInstanceStateFault', 'InvalidDBClusterStateFault'],
  };
}

type Tag = { readonly Key: string; readonly Value: string };

const describeInstanceSnapshot = (DBSnapshotIdentifier: string) => new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier });
const describeClusterSnapshot = (DBClusterSnapshotIdentifier: string) =>
  new DescribeDBClusterSnapshotsCommand({ DBClusterSnapshotIdentifier });

const readInstanceSnapshot = async (name: string, aws: Aws) =>
  (await undefinedOn(['DBSnapshotNotFoundFault', 'DBSnapshotNotFound'], aws.send(describeInstanceSnapshot(name))))?.DBSnapshots?.[0];
const readClusterSnapshot = async (name: string, aws: Aws) =>
  (await undefinedOn(['DBClusterSnapshotNotFoundFault', 'DBClusterSnapshotNotFound'], aws.send(describeClusterSnapshot(name))))
    ?.DBClusterSnapshots?.[0];

/** Creates a snapshot, unless there is one with the name. */
export const CollectSnapshotCommand = amend<{
  readonly DBInstanceIdentifier: string;
  readonly DBSnapshotIdentifier: string;
  readonly Tags: readonly Tag[];
}>(CreateDBSnapshotCommand, async ({ Tags, ...input }, aws) => {
  if (await readInstanceSnapshot(input.DBSnapshotIdentifier, aws)) return describeInstanceSnapshot(input.DBSnapshotIdentifier);
  return new CreateDBSnapshotCommand({ ...input, Tags: [...Tags] });
});

/** Creates a snapshot of a cluster, unless there is one with the name. */
export const CollectClusterSnapshotCommand = amend<{
  readonly DBClusterIdentifier: string;
  readonly DBClusterSnapshotIdentifier: string;
  readonly Tags: readonly Tag[];
}>(CreateDBClusterSnapshotCommand, async ({ Tags, ...input }, aws) => {
  if (await readClusterSnapshot(input.DBClusterSnapshotIdentifier, aws)) return describeClusterSnapshot(input.DBClusterSnapshotIdentifier);
  return new CreateDBClusterSnapshotCommand({ ...input, Tags: [...Tags] });
});

/** The snapshot of a remediation, as AWS shows it. */
export async function readCollected(remediation: string, aws: Aws): Promise<readonly Collected[]> {
  const name = nameFor({ remediation });
  const [own, ofCluster] = [await readInstanceSnapshot(name, aws), await readClusterSnapshot(name, aws)];
  return [
    ...(own ? [collectedOf(own.DBSnapshotArn, own.DBInstanceIdentifier, own)] : []),
    ...(ofCluster ? [collectedOf(ofCluster.DBClusterSnapshotArn, ofCluster.DBClusterIdentifier, ofCluster)] : []),
  ];
}

const collectedOf = (
  id = '',
  of = '',
  { SnapshotCreateTime, KmsKeyId }: { readonly SnapshotCreateTime?: Date | undefined; readonly KmsKeyId?: string | undefined },
): Collected => ({
  id,
  of,
  at: SnapshotCreateTime?.toISOString() ?? '',
  ...(KmsKeyId !== undefined && KmsKeyId !== '' && { key: KmsKeyId }),
});

export const snapshotTargets = (id: string, cluster: readonly string[]): Targets => ({
  CreateDBSnapshot: { DBInstanceIdentifier: id, DBSnapshotIdentifier: isOwnName },
  CreateDBClusterSnapshot: { DBClusterIdentifier: cluster, DBClusterSnapshotIdentifier: isOwnName },
});

const isOwnName = (name: string): boolean => /^posture-(none|[0-9a-z]{26})$/.test(name);

const snapshots = 'arn:{partition}:rds:{region}:{account}:snapshot:posture-*';
const clusterSnapshots = 'arn:{partition}:rds:{region}:{account}:cluster-snapshot:posture-*';

export const snapshotReading: readonly Grant[] = [
  { actions: ['rds:DescribeDBSnapshots'], on: snapshots },
  { actions: ['rds:DescribeDBClusterSnapshots'], on: clusterSnapshots },
];

export const snapshotMaking: readonly Grant[] = [
  { actions: ['rds:CreateDBSnapshot'], on: [instances, snapshots] },
  { actions: ['rds:CreateDBClusterSnapshot'], on: [clusters, clusterSnapshots] },
  { actions: ['rds:AddTagsToResource'], on: [snapshots, clusterSnapshots] },
];

export const snapshotCommands = [CollectSnapshotCommand, CollectClusterSnapshotCommand];
