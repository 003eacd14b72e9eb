import { ListClustersV2Command } from '@aws-sdk/client-kafka';
import { collect } from '../../pages';
import type { ResourceKind } from '../../rule';
import { clusters, describeCluster } from './describe';

/** An MSK cluster; its id is the name with the UUID that follows it. AWS Config identifies it by its ARN. */
export const cluster: ResourceKind = {
  type: 'AWS::MSK::Cluster',
  arn: 'arn:{partition}:kafka:{region}:{account}:cluster/{slashedId}',
  assignedId: /^[^/]+$/,
  scope: 'regional',
  target: ({ arn }) => ({ ClusterArn: arn }),
  permissions: [
    { actions: ['kafka:DescribeClusterV2'], on: clusters },
    // IAM offers no resource-level permission for it.
    { actions: ['kafka:ListClustersV2'], on: '*' },
  ],

  async tags({ arn }, aws) {
    return (await describeCluster(arn, aws))?.Tags ?? {};
  },

  async resolve(id, _, aws) {
    if (!/^[A-Za-z0-9-]{1,64}$/.test(id)) return undefined;
    const found = await collect(
      (NextToken) => aws.send(new ListClustersV2Command({ ClusterNameFilter: id, NextToken })),
      ({ ClusterInfoList }) => ClusterInfoList,
      (page) => page.NextToken,
    );
    return found.flatMap(({ ClusterName, ClusterArn }) => (ClusterName === id ? (ClusterArn ?? []) : []));
  },
};
