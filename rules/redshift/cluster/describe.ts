import { type Cluster, DescribeClustersCommand } from '@aws-sdk/client-redshift';
import { undefinedOn } from '../../absence';
import { collect } from '../../pages';
import type { Aws } from '../../rule';

/** The ARNs of Redshift clusters, for grants. */
export const clusters = 'arn:{partition}:redshift:{region}:{account}:cluster:*';

/** A cluster; undefined if it does not exist. */
export async function describeCluster(ClusterIdentifier: string, aws: Aws): Promise<Cluster | undefined> {
  const answer = await undefinedOn(['ClusterNotFoundFault'], aws.send(new DescribeClustersCommand({ ClusterIdentifier })));
  return answer?.Clusters?.[0];
}

/** The identifiers of the clusters in an account and region. */
export const listClusters = (aws: Aws): Promise<string[]> =>
  collect(
    (Marker) => aws.send(new DescribeClustersCommand({ Marker })),
    ({ Clusters = [] }) => Clusters.flatMap(({ ClusterIdentifier }) => ClusterIdentifier ?? []),
    ({ Marker }) => Marker,
  );
