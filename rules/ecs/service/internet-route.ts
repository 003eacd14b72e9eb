import { DescribeRouteTablesCommand, DescribeSubnetsCommand } from '@aws-sdk/client-ec2';
import { routeTableOf } from '../../ec2/subnet/routes';
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
  const direct = Subnets.filter(
    (subnet) =>
      routeTableOf(subnet, tables)?.Routes?.some(
        ({ DestinationCidrBlock, GatewayId }) => DestinationCidrBlock === '0.0.0.0/0' && GatewayId?.startsWith('igw-'),
      ) ?? true,
  );
  return direct.flatMap(({ SubnetId }) => SubnetId ?? []).sort();
}
