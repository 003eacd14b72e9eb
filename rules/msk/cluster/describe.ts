import { type Cluster, DescribeClusterV2Command, ListClustersV2Command } from '@aws-sdk/client-kafka';
import { undefinedOn } from '../../absence';
import { collect } from '../../pages';
import type { Aws } from '../../rule';

/** The ARNs of MSK clusters, for grants. */
export const clusters = 'arn:{partition}:kafka:{region}:{account}:cluster/*/*';

/** A cluster by its ARN; undefined if it does not exist. */
export async function describeCluster(ClusterArn: string, aws: Aws): Promise<Cluster | undefined> {
  const answer = await undefinedOn(['NotFoundException'], aws.send(new DescribeClusterV2Command({ ClusterArn })));
  return answer?.ClusterInfo;
}

/** The ARNs of the clusters in an account and region , without serverless clusters, which have no such settings. */
export const listClusters = (aws: Aws): Promise<string[]> =>
  collect(
    (NextToken) => aws.send(new ListClustersV2Command({ ClusterTypeFilter: 'PROVISIONED', NextToken })),
    ({ ClusterInfoList = [] }) => ClusterInfoList.flatMap(({ ClusterArn }) => ClusterArn ?? []),
    ({ NextToken }) => NextToken,
  );
