import { DescribeNetworkInterfacesCommand, DescribeSecurityGroupsCommand, type IpPermission } from '@aws-sdk/client-ec2';
import type { World } from '../../../contract/scenario';

/**
 * What the security groups of an instance let through, one line for each network interface, direction, protocol, range of ports and peer. The verdict on an isolation: it
 * reads the instance as Amazon EC2 shows it, and knows nothing of the rule.
 */
export async function pathsOf(world: World, instance: string): Promise<readonly string[]> {
  const { NetworkInterfaces = [] } = await world.send(
    new DescribeNetworkInterfacesCommand({ Filters: [{ Name: 'attachment.instance-id', Values: [instance] }] }),
  );
  if (NetworkInterfaces.length === 0) throw new Error(`${instance} has no network interfaces, so that there is nothing to judge.`);
  const lines: string[] = [];
  for (const { NetworkInterfaceId = '', Groups = [] } of NetworkInterfaces) {
    // Amazon EC2 puts an interface without groups into the default group.
    if (Groups.length === 0) lines.push(`${NetworkInterfaceId} has no security groups`);
    for (const { GroupId = '' } of Groups) {
      lines.push(...(await groupPaths(world, NetworkInterfaceId, GroupId)));
    }
  }
  return [...new Set(lines)].sort();
}

/** What one security group lets through to and from what is in it. */
export async function groupPaths(world: World, id: string, GroupId: string): Promise<readonly string[]> {
  const { SecurityGroups = [] } = await world.send(new DescribeSecurityGroupsCommand({ GroupIds: [GroupId] }));
  const [group] = SecurityGroups;
  if (!group) throw new Error(`${GroupId} does not exist.`);
  return [...linesOf(id, 'in', group.IpPermissions), ...linesOf(id, 'out', group.IpPermissionsEgress)];
}

function linesOf(id: string, direction: 'in' | 'out', rules: readonly IpPermission[] = []): readonly string[] {
  return rules.flatMap(({ IpProtocol, FromPort, ToPort, IpRanges = [], Ipv6Ranges = [], PrefixListIds = [], UserIdGroupPairs = [] }) => {
    const ports = IpProtocol === '-1' ? 'all' : `${IpProtocol} ${FromPort}-${ToPort}`;
    const peers = [
      ...IpRanges.map(({ CidrIp }) => CidrIp),
      ...Ipv6Ranges.map(({ CidrIpv6 }) => CidrIpv6),
      ...PrefixListIds.map(({ PrefixListId }) => PrefixListId),
      ...UserIdGroupPairs.map(({ GroupId }) => GroupId),
    ];
    return peers.map((peer) => `${id} ${direction} ${ports} ${peer}`);
  });
}
