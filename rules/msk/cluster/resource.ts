import type { ResourceKind } from '../../rule';
import { clusters, describeCluster } from './describe';

/** An MSK cluster; its id is the name with the UUID that follows it. AWS Config identifies it by its ARN. */
export const cluster: ResourceKind = {
  type: 'AWS::MSK::Cluster',
  arn: 'arn:{partition}:kafka:{region}:{account}:cluster/{slashedId}',
  scope: 'regional',
  target: ({ arn }) => ({ ClusterArn: arn }),
  permissions: [{ actions: ['kafka:DescribeClusterV2'], on: clusters }],

  async tags({ arn }, aws) {
    return (await describeCluster(arn, aws))?.Tags ?? {};
  },
};
