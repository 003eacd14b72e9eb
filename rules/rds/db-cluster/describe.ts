import { type DBCluster, DescribeDBClustersCommand } from '@aws-sdk/client-rds';
import { undefinedOn } from '../../absence';
import { collect } from '../../pages';
import type { Aws } from '../../rule';

/** The ARNs of DB clusters, for grants. */
export const clusters = 'arn:{partition}:rds:{region}:{account}:cluster:*';

/** A DB cluster; undefined if it does not exist. */
export async function describeCluster(DBClusterIdentifier: string, aws: Aws): Promise<DBCluster | undefined> {
  const answer = await undefinedOn(['DBClusterNotFoundFault'], aws.send(new DescribeDBClustersCommand({ DBClusterIdentifier })));
  return answer?.DBClusters?.[0];
}

/** The identifiers of those DB clusters in an account and region. */
export const listClusters = (aws: Aws, which: (cluster: DBCluster) => boolean): Promise<string[]> =>
  collect(
    (Marker) => aws.send(new DescribeDBClustersCommand({ Marker })),
    ({ DBClusters = [] }) => DBClusters.filter(which).flatMap(({ DBClusterIdentifier }) => DBClusterIdentifier ?? []),
    ({ Marker }) => Marker,
  );
