import { DescribeVpcAttributeCommand, EC2Client } from '@aws-sdk/client-ec2';
import { type Cluster, EKSClient, UpdateClusterConfigCommand } from '@aws-sdk/client-eks';
import { type Aws, defineRule, notFound } from '../rule';
import { clusterReading, clusters, describeCluster, listClusters, listing } from './cluster/describe';
import { cluster } from './cluster/resource';

type State = {
  readonly publicAccess: boolean;
  readonly privateAccess: boolean;
  /** The CIDR blocks that can access the public endpoint, sorted. */
  readonly publicAccessCidrs: readonly string[];
  /** The VPC, if it does not resolve the private endpoint. */
  readonly unresolving?: string;
  /** The status, if it is not active. */
  readonly status?: string;
};

export default defineRule({
  id: 'eks-cluster-endpoint-private',
  title: 'EKS cluster API server endpoints are not publicly accessible',
  why: 'A stolen token, or a vulnerability in the API server, is enough to take over a cluster with a public endpoint.',
  impact:
    'Users of `kubectl` and deployments outside the VPC, and networks connected to it, lose access to the cluster. Nodes use the private endpoint, which is enabled if it is not, within the limits of the security groups of the cluster. The update takes some minutes.',
  severity: 'high',
  risk: 'disruptive',
  exposes: true,
  resource: cluster,
  property: 'ResourcesVpcConfig.EndpointPublicAccess',
  detectedBy: { securityHub: ['EKS.1'], config: ['eks-endpoint-no-public-access'] },
  permissions: {
    inspect: [clusterReading, listing, { actions: ['ec2:DescribeVpcAttribute'], on: 'arn:{partition}:ec2:{region}:{account}:vpc/*' }],
    change: { actions: ['eks:UpdateClusterConfig'], on: clusters },
  },
  clients: [EKSClient, EC2Client],
  commands: [UpdateClusterConfigCommand],
  settle: 1800,

  async inspect({ id }, aws): Promise<State | typeof notFound> {
    const found = await describeCluster(id, aws);
    return found ? stateOf(found, aws) : notFound;
  },

  plan({ id }, { publicAccess, privateAccess, publicAccessCidrs, unresolving, status }) {
    if (!publicAccess) return [];
    if (status === 'FAILED')
      return { unfixable: 'The cluster has failed, and Amazon EKS rejects changes to it. Create a new cluster.', code: 'resource-failed' };
    if (status !== undefined)
      return { blocked: `The cluster is ${status}. Amazon EKS accepts changes when it is active again.`, code: 'being-modified' };
    if (unresolving !== undefined)
      return {
        unfixable: `The cluster has no private endpoint, and its VPC ${unresolving} could not resolve one. Enable DNS hostnames and DNS support for the VPC first.`,
        code: 'vpc-dns-disabled',
      };
    const before = { endpointPublicAccess: true, endpointPrivateAccess: privateAccess };
    const open = publicAccessCidrs.length > 0 ? { publicAccessCidrs: [...publicAccessCidrs] } : {};
    return [
      {
        do: endpoints(id, { endpointPublicAccess: false, endpointPrivateAccess: true }),
        undo: endpoints(id, { ...before, ...open }),
      },
    ];
  },

  list: (_, aws) => listClusters(aws),
});

const endpoints = (name: string, resourcesVpcConfig: UpdateClusterConfigCommand['input']['resourcesVpcConfig']) =>
  new UpdateClusterConfigCommand({ name, resourcesVpcConfig });

/** A cluster that is only connected to EKS has no endpoints in EKS. */
async function stateOf({ status, resourcesVpcConfig = {} }: Cluster, aws: Aws): Promise<State> {
  const { endpointPublicAccess = false, endpointPrivateAccess = false, publicAccessCidrs = [], vpcId } = resourcesVpcConfig;
  const unresolved = endpointPublicAccess && !endpointPrivateAccess && vpcId !== undefined && !(await resolves(vpcId, aws));
  return {
    publicAccess: endpointPublicAccess,
    privateAccess: endpointPrivateAccess,
    publicAccessCidrs: publicAccessCidrs.toSorted(),
    ...(unresolved && { unresolving: vpcId }),
    ...(status !== 'ACTIVE' && { status: status ?? 'unknown' }),
  };
}

async function resolves(VpcId: string, aws: Aws): Promise<boolean> {
  const support = await aws.send(new DescribeVpcAttributeCommand({ VpcId, Attribute: 'enableDnsSupport' }));
  if (!support.EnableDnsSupport?.Value) return false;
  const hostnames = await aws.send(new DescribeVpcAttributeCommand({ VpcId, Attribute: 'enableDnsHostnames' }));
  return hostnames.EnableDnsHostnames?.Value === true;
}
