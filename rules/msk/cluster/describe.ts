import { type Cluster, DescribeClusterV2Command } from '@aws-sdk/client-kafka';
import { unless } from '../../absence';
import type { Aws } from '../../rule';

/** The ARNs of MSK clusters, for grants. */
export const clusters = 'arn:{partition}:kafka:{region}:{account}:cluster/*/*';

/** A cluster by its ARN, or undefined where there is none. */
export async function describeCluster(ClusterArn: string, aws: Aws): Promise<Cluster | undefined> {
  const answer = await unless(['NotFoundException'], aws.send(new DescribeClusterV2Command({ ClusterArn })));
  return answer?.ClusterInfo;
}
