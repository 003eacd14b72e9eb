import { type Cluster, DescribeClusterCommand, ListClustersCommand } from '@aws-sdk/client-eks';
import { undefinedOn } from '../../absence';
import { collect } from '../../pages';
import type { Aws, Grant } from '../../rule';

/** The ARNs of clusters, for grants. */
export const clusters = 'arn:{partition}:eks:{region}:{account}:cluster/*';

/** The permissions that `describeCluster` needs. */
export const clusterReading: Grant = { actions: ['eks:DescribeCluster'], on: clusters };

/** The cluster with this name; undefined if it does not exist or is being deleted. */
export async function describeCluster(name: string, aws: Aws): Promise<Cluster | undefined> {
  const answer = await undefinedOn(['ResourceNotFoundException'], aws.send(new DescribeClusterCommand({ name })));
  return answer?.cluster?.status === 'DELETING' ? undefined : answer?.cluster;
}

/** The permissions that `listClusters` needs. */
export const listing: Grant = { actions: ['eks:ListClusters'], on: '*' };

/** The names of the clusters that EKS runs in an account and region. */
export const listClusters = (aws: Aws): Promise<string[]> =>
  collect(
    (nextToken) => aws.send(new ListClustersCommand({ nextToken })),
    ({ clusters: names }) => names,
    ({ nextToken }) => nextToken,
  );
