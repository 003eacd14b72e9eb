import { DescribeNodegroupCommand, type Nodegroup } from '@aws-sdk/client-eks';
import { undefinedOn } from '../../absence';
import type { Aws, Grant, Resource, ResourceKind } from '../../rule';

/** The ARNs of node groups, for grants. */
export const nodegroups = 'arn:{partition}:eks:{region}:{account}:nodegroup/*/*/*';

/** The permissions that `describeNodegroup` needs. */
export const nodegroupReading: Grant = { actions: ['eks:DescribeNodegroup'], on: nodegroups };

/** A managed node group of a cluster; its id is `<cluster>/<node group>/<unique id>`. */
export const nodegroup: ResourceKind = {
  type: 'AWS::EKS::Nodegroup',
  arn: 'arn:{partition}:eks:{region}:{account}:nodegroup/{slashedId}',
  // Without the unique id: AWS Config knows it by the names of the cluster and the node group.
  assignedId: /^[^/]+\/[^/]+$/,
  scope: 'regional',
  target: ({ id }) => ({ ...namesIn(id) }),
  permissions: [nodegroupReading],

  async tags(resource, aws) {
    return (await describeNodegroup(resource, aws))?.tags ?? {};
  },

  async resolve(id, _, aws) {
    if (!/^[\w-]+\/[\w-]+(?:\/[\w-]+)?$/.test(id)) return undefined;
    const names = namesIn(id);
    const answer = await undefinedOn(['ResourceNotFoundException'], aws.send(new DescribeNodegroupCommand(names)));
    const { nodegroupArn } = answer?.nodegroup ?? {};
    return nodegroupArn !== undefined && (id.split('/').length === 2 || nodegroupArn.endsWith(`/${id}`)) ? [nodegroupArn] : [];
  },
};

/** The names of the cluster and the node group in an ID. */
export function namesIn(id: string): { readonly clusterName: string; readonly nodegroupName: string } {
  const [clusterName = '', nodegroupName = ''] = id.split('/');
  return { clusterName, nodegroupName };
}

/** The node group; undefined if it does not exist, is being deleted, or has the name but another ARN. */
export async function describeNodegroup({ id, arn }: Resource, aws: Aws): Promise<Nodegroup | undefined> {
  const answer = await undefinedOn(['ResourceNotFoundException'], aws.send(new DescribeNodegroupCommand(namesIn(id))));
  const found = answer?.nodegroup;
  return found?.nodegroupArn === arn && found.status !== 'DELETING' ? found : undefined;
}
