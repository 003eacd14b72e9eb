import type { ResourceKind } from '../../rule';
import { clusters, describeCluster } from './describe';

/** A provisioned Redshift cluster, by its identifier. */
export const cluster: ResourceKind = {
  type: 'AWS::Redshift::Cluster',
  arn: 'arn:{partition}:redshift:{region}:{account}:cluster:{id}',
  scope: 'regional',
  changedBy: {
    service: 'redshift',
    calls: {
      'requestParameters.clusterIdentifier': ['CreateCluster', 'ModifyCluster', 'RestoreFromClusterSnapshot'],
    },
  },
  target: ({ id }) => ({ ClusterIdentifier: id }),
  permissions: [{ actions: ['redshift:DescribeClusters'], on: clusters }],

  async tags({ id }, aws) {
    const { Tags = [] } = (await describeCluster(id, aws)) ?? {};
    return Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));
  },
};
