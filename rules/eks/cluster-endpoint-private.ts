import { DescribeVpcAttributeCommand, EC2Client } from '@aws-sdk/client-ec2';
import { type Cluster, EKSClient, UpdateClusterConfigCommand } from '@aws-sdk/client-eks';
import { type Aws, defineRule, notFound } from '../rule';
import { clusterReading, clusters, describeCluster, listClusters, listing } from './cluster/describe';
import { cluster } from './cluster/resource';

type State = {
  readonly publicAccess: boolean;
  readonly privateAccess: boolean;
  /** Who reaches the public endpoint, sorted. */
  readonly publicAccessCidrs: readonly string[];
  /** Its VPC, where that does not resolve the private endpoint. */
  readonly unresolving?: string;
  /** The status, where it is not active. */
  readonly status?: string;
};

export default defineRule({
  id: 'eks-cluster-endpoint-private',
  title: 'The API of an EKS cluster is reached from its VPC alone',
  why: 'A stolen token, or a flaw in the API server, is enough to take over a cluster that the whole internet can call.',
  impact:
    'Whoever uses `kubectl` or deploys from outside the VPC, and networks connected to it, no longer reaches the cluster. Nodes reach it by the private endpoint, which is turned on where it is not, as far as the security groups of the cluster let them. AWS takes some minutes for it.',
  severity: 'high',
  risk: 'disruptive',
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
      return { unfixable: 'The cluster has failed, and AWS EKS changes nothing about it. Make it anew.', code: 'resource-failed' };
    if (status !== undefined) return { blocked: `The cluster is ${status}; AWS EKS takes changes when it is active again.` };
    if (unresolving !== undefined)
      return {
        unfixable: `The cluster has no private endpoint, and its VPC ${unresolving} would not resolve one: enable DNS hostnames and DNS support of the VPC first.`,
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

/** A cluster that is only connected to EKS has no endpoints there. */
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
