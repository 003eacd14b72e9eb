import {
  DescribeDBClusterSnapshotAttributesCommand,
  DescribeDBClusterSnapshotsCommand,
  DescribeDBSnapshotAttributesCommand,
  DescribeDBSnapshotsCommand,
  ModifyDBClusterSnapshotAttributeCommand,
  ModifyDBSnapshotAttributeCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { undefinedOn } from '../absence';
import { collect } from '../pages';
import { type Aws, type AwsCommand, defineRule, notFound, type Resource } from '../rule';
import { dbClusterSnapshot } from './db-cluster-snapshot/resource';
import { dbSnapshot } from './db-snapshot/resource';

const everybody = 'all';

const snapshots = 'arn:{partition}:rds:{region}:{account}:snapshot:*';
const clusterSnapshots = 'arn:{partition}:rds:{region}:{account}:cluster-snapshot:*';

export default defineRule({
  id: 'rds-snapshot-not-public',
  title: 'RDS, Neptune and DocumentDB snapshots are not public',
  why: 'A public snapshot gives anyone with an AWS account a copy of the whole database.',
  impact: 'Only accounts that the snapshot is explicitly shared with can still copy or restore it.',
  severity: 'critical',
  risk: 'disruptive',
  exposes: true,
  resource: [dbSnapshot, dbClusterSnapshot],
  detectedBy: {
    securityHub: ['RDS.1', 'Neptune.3', 'DocumentDB.3'],
    config: ['rds-snapshots-public-prohibited', 'neptune-cluster-snapshot-public-prohibited', 'docdb-cluster-snapshot-public-prohibited'],
    accessAnalyzer: ['PublicAccess/AWS::RDS::DBSnapshot', 'PublicAccess/AWS::RDS::DBClusterSnapshot'],
  },
  permissions: {
    inspect: [
      { actions: ['rds:DescribeDBSnapshotAttributes'], on: snapshots },
      { actions: ['rds:DescribeDBClusterSnapshotAttributes'], on: clusterSnapshots },
      { actions: ['rds:DescribeDBSnapshots'], on: [snapshots, 'arn:{partition}:rds:{region}:{account}:db:*'] },
      { actions: ['rds:DescribeDBClusterSnapshots'], on: [clusterSnapshots, 'arn:{partition}:rds:{region}:{account}:cluster:*'] },
    ],
    change: [
      { actions: ['rds:ModifyDBSnapshotAttribute'], on: snapshots },
      { actions: ['rds:ModifyDBClusterSnapshotAttribute'], on: clusterSnapshots },
    ],
  },
  clients: [RDSClient],
  commands: [ModifyDBSnapshotAttributeCommand, ModifyDBClusterSnapshotAttributeCommand],

  async inspect(snapshot, aws) {
    const attributes = await (isOfCluster(snapshot) ? clusterSnapshotAttributes : snapshotAttributes)(snapshot.id, aws);
    if (!attributes) return notFound;
    const restore = attributes.find(({ AttributeName }) => AttributeName === 'restore')?.AttributeValues ?? [];
    return { restore: restore.toSorted() };
  },

  plan(snapshot, { restore }) {
    if (!restore.includes(everybody)) return [];
    return [{ do: restorable(snapshot, { ValuesToRemove: [everybody] }), undo: restorable(snapshot, { ValuesToAdd: [everybody] }) }];
  },

  // Only manual snapshots can be shared.
  async list(_, aws) {
    const ofInstances = await collect(
      (Marker) => aws.send(new DescribeDBSnapshotsCommand({ SnapshotType: 'manual', Marker })),
      ({ DBSnapshots = [] }) => DBSnapshots.flatMap(({ DBSnapshotArn }) => DBSnapshotArn ?? []),
      ({ Marker }) => Marker,
    );
    const ofClusters = await collect(
      (Marker) => aws.send(new DescribeDBClusterSnapshotsCommand({ SnapshotType: 'manual', Marker })),
      ({ DBClusterSnapshots = [] }) => DBClusterSnapshots.flatMap(({ DBClusterSnapshotArn }) => DBClusterSnapshotArn ?? []),
      ({ Marker }) => Marker,
    );
    return [...ofInstances, ...ofClusters];
  },
});

const isOfCluster = ({ type }: Resource): boolean => type === dbClusterSnapshot.type;

async function snapshotAttributes(DBSnapshotIdentifier: string, aws: Aws) {
  const answer = await undefinedOn(
    ['DBSnapshotNotFoundFault'],
    aws.send(new DescribeDBSnapshotAttributesCommand({ DBSnapshotIdentifier })),
  );
  return answer && (answer.DBSnapshotAttributesResult?.DBSnapshotAttributes ?? []);
}

async function clusterSnapshotAttributes(DBClusterSnapshotIdentifier: string, aws: Aws) {
  const query = new DescribeDBClusterSnapshotAttributesCommand({ DBClusterSnapshotIdentifier });
  const answer = await undefinedOn(['DBClusterSnapshotNotFoundFault'], aws.send(query));
  return answer && (answer.DBClusterSnapshotAttributesResult?.DBClusterSnapshotAttributes ?? []);
}

function restorable(snapshot: Resource, values: { readonly ValuesToAdd: string[] } | { readonly ValuesToRemove: string[] }): AwsCommand {
  return isOfCluster(snapshot)
    ? new ModifyDBClusterSnapshotAttributeCommand({ DBClusterSnapshotIdentifier: snapshot.id, AttributeName: 'restore', ...values })
    : new ModifyDBSnapshotAttributeCommand({ DBSnapshotIdentifier: snapshot.id, AttributeName: 'restore', ...values });
}
