import { DescribeRouteTablesCommand, DescribeSubnetsCommand } from '@aws-sdk/client-ec2';
import { collect } from '../../pages';
import type { Aws, Grant } from '../../rule';

/** The permissions that `directlyRouted` needs. IAM offers no resource-level permission for these. */
export const routeReading: Grant = { actions: ['ec2:DescribeSubnets', 'ec2:DescribeRouteTables'], on: '*' };

/** The subnets that route to an internet gateway, which requires a public address; also those with unknown routes. */
export async function directlyRouted(SubnetIds: readonly string[], aws: Aws): Promise<readonly string[]> {
  const { Subnets = [] } = await aws.send(new DescribeSubnetsCommand({ SubnetIds: [...SubnetIds] }));
  const vpcs = [...new Set(Subnets.flatMap(({ VpcId }) => VpcId ?? []))];
  const tables = await collect(
    (NextToken) => aws.send(new DescribeRouteTablesCommand({ Filters: [{ Name: 'vpc-id', Values: vpcs }], NextToken })),
    ({ RouteTables }) => RouteTables,
    ({ NextToken }) => NextToken,
  );
  const tableOf = ({ SubnetId, VpcId }: { readonly SubnetId?: string | undefined; readonly VpcId?: string | undefined }) =>
    tables.find(({ Associations = [] }) => Associations.some((one) => one.SubnetId === SubnetId)) ??
    tables.find((table) => table.VpcId === VpcId && table.Associations?.some(({ Main }) => Main));
  const direct = Subnets.filter(
    (subnet) =>
      tableOf(subnet)?.Routes?.some(
        ({ DestinationCidrBlock, GatewayId }) => DestinationCidrBlock === '0.0.0.0/0' && GatewayId?.startsWith('igw-'),
      ) ?? true,
  );
  return direct.flatMap(({ SubnetId }) => SubnetId ?? []).sort();
}
