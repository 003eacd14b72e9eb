import type { ResourceKind } from '../../rule';
import { clusterReading, describeCluster } from './describe';

/** An EKS cluster, by its name. */
export const cluster: ResourceKind = {
  type: 'AWS::EKS::Cluster',
  arn: 'arn:{partition}:eks:{region}:{account}:cluster/{id}',
  scope: 'regional',
  changedBy: {
    service: 'eks',
    calls: {
      'requestParameters.name': ['CreateCluster', 'UpdateClusterConfig'],
    },
  },
  target: ({ id }) => ({ name: id }),
  permissions: [clusterReading],

  async tags({ id }, aws) {
    return (await describeCluster(id, aws))?.tags ?? {};
  },
};
