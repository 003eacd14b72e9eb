import { DescribeSecurityGroupsCommand, DescribeSubnetsCommand } from '@aws-sdk/client-ec2';
import { collect } from '../../pages';
import type { Aws, Grant, Obstacle } from '../../rule';

/** The permissions that `readNetworkProblem` needs. IAM offers no resource-level permission for these. */
export const vpcReading: Grant = { actions: ['ec2:DescribeSubnets', 'ec2:DescribeSecurityGroups'], on: '*' };

interface Network {
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
}

/** Why a runtime cannot use these subnets and security groups; undefined if they exist and belong to one VPC. */
export async function readNetworkProblem({ subnetIds, securityGroupIds }: Network, aws: Aws): Promise<Obstacle | undefined> {
  const filter = (Name: string, ids: readonly string[]) => [{ Name, Values: [...ids] }];
  const subnets = await collect(
    (NextToken) => aws.send(new DescribeSubnetsCommand({ Filters: filter('subnet-id', subnetIds), NextToken })),
    ({ Subnets }) => Subnets,
    ({ NextToken }) => NextToken,
  );
  const groups = await collect(
    (NextToken) => aws.send(new DescribeSecurityGroupsCommand({ Filters: filter('group-id', securityGroupIds), NextToken })),
    ({ SecurityGroups }) => SecurityGroups,
    ({ NextToken }) => NextToken,
  );
  const found = new Set([...subnets.map(({ SubnetId }) => SubnetId), ...groups.map(({ GroupId }) => GroupId)]);
  const missing = [...subnetIds, ...securityGroupIds].filter((id) => !found.has(id));
  if (missing.length > 0)
    return {
      unfixable: `${missing.join(', ')} does not exist in this account and Region. Set subnetIds and securityGroupIds to existing ones of one VPC.`,
      code: 'network-not-found',
    };
  const vpcs = [...new Set([...subnets, ...groups].map(({ VpcId }) => VpcId))].sort();
  return vpcs.length > 1
    ? {
        unfixable: `The subnets and security groups belong to more than one VPC (${vpcs.join(', ')}). Set subnetIds and securityGroupIds to those of one VPC.`,
        code: 'several-vpcs',
      }
    : undefined;
}
