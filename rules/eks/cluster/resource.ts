import type { ResourceKind } from '../../rule';
import { clusterReading, describeCluster } from './describe';

/** A Kubernetes cluster, by name. */
export const cluster: ResourceKind = {
  type: 'AWS::EKS::Cluster',
  arn: 'arn:{partition}:eks:{region}:{account}:cluster/{id}',
  scope: 'regional',
  permissions: [clusterReading],

  async tags({ id }, aws) {
    return (await describeCluster(id, aws))?.tags ?? {};
  },
};
