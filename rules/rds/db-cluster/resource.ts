import { DescribeDBClustersCommand } from '@aws-sdk/client-rds';
import { undefinedOn } from '../../absence';
import type { ResourceKind } from '../../rule';
import { readTags } from '../tags/read';
import { clusters } from './describe';

/** A DB cluster, by its identifier; AWS Config identifies it by its resource id (`cluster-ABC…`). */
export const dbCluster: ResourceKind = {
  type: 'AWS::RDS::DBCluster',
  arn: 'arn:{partition}:rds:{region}:{account}:cluster:{id}',
  scope: 'regional',
  target: ({ id }) => ({ DBClusterIdentifier: id }),
  tags: readTags,
  permissions: [{ actions: ['rds:ListTagsForResource', 'rds:DescribeDBClusters'], on: clusters }],

  async resolve(id, _, aws) {
    const query = new DescribeDBClustersCommand({ Filters: [{ Name: 'db-cluster-resource-id', Values: [id] }] });
    const answer = await undefinedOn(['DBClusterNotFoundFault'], aws.send(query));
    return answer?.DBClusters?.find(({ DbClusterResourceId }) => DbClusterResourceId === id)?.DBClusterArn;
  },
};
