import {
  DescribeDhcpOptionsCommand,
  DescribeRouteTablesCommand,
  DescribeVpcsCommand,
  type Instance,
  type NetworkInterface,
  type Route,
} from '@aws-sdk/client-ec2';
import { collect } from '../../../pages';
import type { Aws, Grant } from '../../../rule';

// IAM offers no resource-level permission for these.
export const serviceReading: Grant = { actions: ['ec2:DescribeRouteTables', 'ec2:DescribeVpcs', 'ec2:DescribeDhcpOptions'], on: '*' };

/**
 * What else in the network depends on the instance, as parts of sentences: its isolation would cut that off, too. An attacker who holds the instance
 * could make it seem so, which only makes the response ask.
 */
export async function readServices(
  { InstanceId, Tags = [] }: Instance,
  interfaces: readonly NetworkInterface[],
  vpcs: readonly string[],
  aws: Aws,
): Promise<readonly string[]> {
  const forwarding = interfaces.flatMap(({ SourceDestCheck, NetworkInterfaceId: id }) =>
    SourceDestCheck === false
      ? [`its interface ${id} forwards traffic of others, as a NAT or VPN instance does (no source/destination check)`]
      : [],
  );
  const ids = interfaces.map(({ NetworkInterfaceId }) => NetworkInterfaceId);
  const isNext = (route: Route) => route.InstanceId === InstanceId || ids.includes(route.NetworkInterfaceId ?? '');
  const tables = await readRouteTables(vpcs, aws);
  const routed = tables.flatMap(({ RouteTableId, Routes = [] }) =>
    Routes.some(isNext) ? [`the route table ${RouteTableId} sends traffic through it`] : [],
  );
  const addresses = new Set(interfaces.flatMap(addressesOf));
  const resolving = (await readResolvers(vpcs, aws)).flatMap(({ vpc, servers }) =>
    servers.some((server) => addresses.has(server)) ? [`the DHCP options of ${vpc} name it as a DNS server, as a directory host is`] : [],
  );
  const hinted = Tags.filter(({ Key = '', Value = '' }) => named.test(Key) && hint.test(Value)).map(
    ({ Key }) => `its tag ${Key} says that it is a NAT, VPN or directory host`,
  );
  return [...forwarding, ...routed, ...resolving, ...hinted].toSorted();
}

/** Tags by which people say what an instance is for. */
const named = /^(name|role|service|function|purpose)$/i;
const hint = /(^|[^a-z])(nat|vpn|openvpn|wireguard|directory|domain-?controller|dc)([^a-z]|$)/i;

const addressesOf = ({ PrivateIpAddresses = [], Ipv6Addresses = [] }: NetworkInterface): readonly string[] => [
  ...PrivateIpAddresses.flatMap(({ PrivateIpAddress }) => PrivateIpAddress ?? []),
  ...Ipv6Addresses.flatMap(({ Ipv6Address }) => Ipv6Address ?? []),
];

async function readRouteTables(vpcs: readonly string[], aws: Aws) {
  if (vpcs.length === 0) return [];
  const Filters = [{ Name: 'vpc-id', Values: [...vpcs] }];
  return collect(
    (NextToken) => aws.send(new DescribeRouteTablesCommand({ Filters, NextToken })),
    ({ RouteTables }) => RouteTables,
    ({ NextToken }) => NextToken,
  );
}

/** The DNS servers of each VPC. */
async function readResolvers(vpcs: readonly string[], aws: Aws) {
  if (vpcs.length === 0) return [];
  const { Vpcs = [] } = await aws.send(new DescribeVpcsCommand({ VpcIds: [...vpcs] }));
  const used = [...new Set(Vpcs.flatMap(({ DhcpOptionsId }) => (DhcpOptionsId && DhcpOptionsId !== 'default' ? [DhcpOptionsId] : [])))];
  if (used.length === 0) return [];
  const { DhcpOptions = [] } = await aws.send(new DescribeDhcpOptionsCommand({ DhcpOptionsIds: used }));
  return Vpcs.map(({ VpcId = '', DhcpOptionsId }) => ({
    vpc: VpcId,
    servers: DhcpOptions.filter((options) => options.DhcpOptionsId === DhcpOptionsId).flatMap(({ DhcpConfigurations = [] }) =>
      DhcpConfigurations.flatMap(({ Key, Values = [] }) =>
        Key === 'domain-name-servers' ? Values.flatMap(({ Value }) => Value ?? []) : [],
      ),
    ),
  }));
}
