import { DescribeRouteTablesCommand, DescribeSubnetsCommand, DescribeVpcEndpointServicesCommand } from '@aws-sdk/client-ec2';
import { collect } from '../../pages';
import type { Aws, Grant, Obstacle } from '../../rule';
import { leadsOut, routeTableOf } from '../subnet/routes';

/** A subnet that can have an interface of an endpoint. `prefix`: that of its IPv4 range; the smaller, the more addresses. */
export type EndpointSubnet = { readonly id: string; readonly zone: string; readonly prefix: number; readonly public: boolean };

/** The permissions that `readEndpointSubnets` needs. IAM offers no resource-level permission for these. */
export const endpointSubnetReading: Grant = {
  actions: ['ec2:DescribeVpcEndpointServices', 'ec2:DescribeSubnets', 'ec2:DescribeRouteTables'],
  on: '*',
};

/** The subnets of a VPC in Availability Zones that support the service, sorted. */
export async function readEndpointSubnets(vpcId: string, service: string, aws: Aws): Promise<readonly EndpointSubnet[]> {
  const { ServiceDetails = [] } = await aws.send(new DescribeVpcEndpointServicesCommand({ ServiceNames: [service] }));
  const offered = ServiceDetails.flatMap(({ AvailabilityZones = [] }) => AvailabilityZones);
  const Filters = [{ Name: 'vpc-id', Values: [vpcId] }];
  const subnets = await collect(
    (NextToken) => aws.send(new DescribeSubnetsCommand({ Filters, MaxResults: 1000, NextToken })),
    ({ Subnets }) => Subnets,
    ({ NextToken }) => NextToken,
  );
  const usable = subnets.filter(({ AvailabilityZone = '', Ipv6Native }) => !Ipv6Native && offered.includes(AvailabilityZone));
  if (usable.length === 0) return [];
  const tables = await collect(
    (NextToken) => aws.send(new DescribeRouteTablesCommand({ Filters, MaxResults: 100, NextToken })),
    ({ RouteTables }) => RouteTables,
    ({ NextToken }) => NextToken,
  );
  return usable
    .map(({ SubnetId = '', AvailabilityZone = '', CidrBlock = '' }) => {
      const table = routeTableOf({ SubnetId, VpcId: vpcId }, tables);
      return { id: SubnetId, zone: AvailabilityZone, prefix: Number(CidrBlock.split('/')[1]), public: !table || leadsOut(table) };
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

interface Wish {
  readonly availabilityZones: number;
  readonly subnetIds?: readonly string[] | undefined;
}

/** The subnets for an endpoint, one in a zone, and why these; or why nobody but their owner can choose. */
export function chooseSubnets(
  subnets: readonly EndpointSubnet[],
  { availabilityZones, subnetIds }: Wish,
): { readonly ids: readonly string[]; readonly note?: string } | Obstacle {
  if (subnetIds !== undefined) return named(subnets, subnetIds);
  const zones = [...new Set(subnets.map(({ zone }) => zone))].sort().map((zone) => bestOf(subnets.filter((one) => one.zone === zone)));
  const clear = zones.filter(({ length }) => length === 1).flat();
  const unclear = zones.find(({ length }) => length > 1);
  if (unclear && clear.length < availabilityZones)
    return {
      unfixable: `Several subnets of ${unclear[0]?.zone} are of the same size and alike in their way to the internet (${unclear.map(({ id }) => id).join(', ')}), and only their owner knows which one is meant for endpoints. Set subnetIds, to one subnet of each zone.`,
      code: 'several-subnets',
    };
  const ids = clear.slice(0, availabilityZones).map(({ id }) => id);
  if (ids.length === subnets.length) return { ids };
  return {
    ids,
    note: `The endpoint is in ${ids.join(', ')}: in the first zones by name, the largest subnet without a route to an internet gateway, or else the largest. Set subnetIds for others.`,
  };
}

/** The private subnets of a zone, or else all; of these the largest, in which an address more is missed least. */
function bestOf(subnets: readonly EndpointSubnet[]): readonly EndpointSubnet[] {
  const isolated = subnets.filter((subnet) => !subnet.public);
  const pool = isolated.length > 0 ? isolated : subnets;
  const prefix = Math.min(...pool.map((subnet) => subnet.prefix));
  return pool.filter((subnet) => subnet.prefix === prefix);
}

function named(subnets: readonly EndpointSubnet[], subnetIds: readonly string[]): { readonly ids: readonly string[] } | Obstacle {
  const found = subnets.filter(({ id }) => subnetIds.includes(id));
  const missing = subnetIds.filter((id) => !found.some((subnet) => subnet.id === id));
  if (missing.length > 0)
    return {
      unfixable: `subnetIds contains ${missing.join(', ')}, which the VPC does not have in an Availability Zone that supports the endpoint.`,
      code: 'subnet-not-found',
    };
  if (new Set(found.map(({ zone }) => zone)).size < found.length)
    return {
      unfixable: `subnetIds contains several subnets of one Availability Zone, and an endpoint can be in one of each.`,
      code: 'several-subnets',
    };
  return { ids: subnetIds };
}
