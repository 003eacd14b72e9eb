import {
  AuthorizeSecurityGroupIngressCommand,
  CreateManagedPrefixListCommand,
  CreateSecurityGroupCommand,
  CreateVpcCommand,
  DescribeSecurityGroupRulesCommand,
  EC2Client,
  GetManagedPrefixListEntriesCommand,
  type IpPermission,
} from '@aws-sdk/client-ec2';
import type { World } from '../../../contract/scenario';
import { standIn } from '../../../contract/stand-in';

/** A security group in a VPC of its own, with these permissions in. */
export async function groupWith(world: World, ...permissions: readonly IpPermission[]): Promise<string> {
  const { Vpc } = await world.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const { GroupId = '' } = await world.send(
    new CreateSecurityGroupCommand({ GroupName: 'web', Description: 'Web servers', VpcId: Vpc?.VpcId }),
  );
  if (permissions.length > 0) await permit(world, GroupId, ...permissions);
  return GroupId;
}

export async function permit(world: World, GroupId: string, ...permissions: readonly IpPermission[]): Promise<void> {
  await world.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [...permissions] }));
}

/** Permissions whose own tag exempts them from these rules: `all until 2099-12-31`. */
export async function permitExempt(world: World, GroupId: string, permission: IpPermission, Value: string): Promise<void> {
  const Tags = [{ Key: 'posture:exempt', Value }];
  const TagSpecifications = [{ ResourceType: 'security-group-rule' as const, Tags }];
  await world.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [permission], TagSpecifications }));
}

export const tcp = (from: number, to: number, ...sources: readonly string[]): IpPermission => ({
  IpProtocol: 'tcp',
  FromPort: from,
  ToPort: to,
  ...ranges(sources),
});

export const udp = (port: number, ...sources: readonly string[]): IpPermission => ({ ...tcp(port, port, ...sources), IpProtocol: 'udp' });

/** IPv4 and IPv6 ranges, each with a description of its own. */
export const ranges = (sources: readonly string[]): Pick<IpPermission, 'IpRanges' | 'Ipv6Ranges'> => ({
  IpRanges: sources.filter((cidr) => !cidr.includes(':')).map((CidrIp) => ({ CidrIp, Description: `from ${CidrIp}` })),
  Ipv6Ranges: sources.filter((cidr) => cidr.includes(':')).map((CidrIpv6) => ({ CidrIpv6, Description: `from ${CidrIpv6}` })),
});

export async function prefixList(world: World, ...cidrs: readonly string[]): Promise<string> {
  const Entries = (cidrs.length > 0 ? cidrs : ['203.0.113.0/24']).map((Cidr) => ({ Cidr }));
  const { PrefixList } = await world.send(
    new CreateManagedPrefixListCommand({
      PrefixListName: 'offices',
      AddressFamily: cidrs.some((cidr) => cidr.includes(':')) ? 'IPv6' : 'IPv4',
      MaxEntries: 5,
      Entries,
    }),
  );
  return PrefixList?.PrefixListId ?? '';
}

/** A prefix list that is not there. */
export const noPrefixList = 'pl-0123456789abcdef0';

/** Has EC2 of this test file not find that prefix list: moto answers as if it were empty. */
export function useMissingPrefixList(): void {
  standIn(EC2Client, async (command, send) => {
    if (command instanceof GetManagedPrefixListEntriesCommand && command.input.PrefixListId === noPrefixList)
      throw Object.assign(new Error(`The prefix list ID '${noPrefixList}' does not exist`), { name: 'InvalidPrefixListID.NotFound' });
    return send(command);
  });
}

/** What comes in: `tcp 22-22 10.0.0.0/8 (from 10.0.0.0/8)`, sorted. */
export async function ingressOf(world: World, GroupId: string): Promise<readonly string[]> {
  const { SecurityGroupRules = [] } = await world.send(
    new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [GroupId] }] }),
  );
  return SecurityGroupRules.filter(({ IsEgress }) => !IsEgress)
    .map(({ IpProtocol, FromPort, ToPort, CidrIpv4, CidrIpv6, PrefixListId, ReferencedGroupInfo, Description, Tags = [] }) => {
      const source = CidrIpv4 ?? CidrIpv6 ?? PrefixListId ?? ReferencedGroupInfo?.GroupId;
      const tags = Tags.map(({ Key, Value }) => ` ${Key}=${Value}`).join('');
      return `${IpProtocol} ${FromPort}-${ToPort} ${source}${Description ? ` (${Description})` : ''}${tags}`;
    })
    .sort();
}
