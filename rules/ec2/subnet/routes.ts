import type { RouteTable } from '@aws-sdk/client-ec2';

interface Place {
  readonly SubnetId?: string | undefined;
  readonly VpcId?: string | undefined;
}

/** The route table of a subnet: its own, or the main one of its VPC; undefined if neither is visible. */
export const routeTableOf = ({ SubnetId, VpcId }: Place, tables: readonly RouteTable[]): RouteTable | undefined =>
  tables.find(({ Associations = [] }) => Associations.some((one) => one.SubnetId === SubnetId)) ??
  tables.find((table) => table.VpcId === VpcId && table.Associations?.some(({ Main }) => Main));

/** Whether a table routes the whole internet to an internet gateway. Routes to single networks, such as those of an office, make no subnet public. */
export const leadsOut = ({ Routes = [] }: RouteTable): boolean =>
  Routes.some(
    ({ DestinationCidrBlock, DestinationIpv6CidrBlock, GatewayId }) =>
      GatewayId?.startsWith('igw-') && (DestinationCidrBlock === '0.0.0.0/0' || DestinationIpv6CidrBlock === '::/0'),
  );
