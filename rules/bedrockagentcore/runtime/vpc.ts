import { DescribeSecurityGroupsCommand, DescribeSubnetsCommand } from '@aws-sdk/client-ec2';
import { collect } from '../../pages';
import type { Aws, Grant } from '../../rule';

/** What `readNetworkFault` needs. IAM offers no resource-level permission for these. */
export const vpcReading: Grant = { actions: ['ec2:DescribeSubnets', 'ec2:DescribeSecurityGroups'], on: '*' };

interface Wished {
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
}

/** Why a runtime can't be in these subnets and security groups, in a sentence; undefined where they are there, and of one VPC. */
export async function readNetworkFault({ subnetIds, securityGroupIds }: Wished, aws: Aws): Promise<string | undefined> {
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
  if (missing.length > 0) return `There is no ${missing.join(', ')} in this account and region.`;
  const vpcs = [...new Set([...subnets, ...groups].map(({ VpcId }) => VpcId))].sort();
  return vpcs.length > 1 ? `The subnets and security groups are of several VPCs: ${vpcs.join(', ')}.` : undefined;
}
