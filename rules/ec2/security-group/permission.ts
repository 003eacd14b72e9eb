import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  DescribeSecurityGroupRulesCommand,
  type IpPermission,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroupRule,
} from '@aws-sdk/client-ec2';
import { collect } from '../../pages';
import type { Aws, AwsCommand, Change, Tags } from '../../rule';

/** A security group that a permission refers to. */
export type GroupReference = {
  readonly id: string;
  /** Absent if the group is deleted. */
  readonly account?: string;
  /** The status of the VPC peering connection, for a group of another VPC. */
  readonly peering?: string;
};

/** One rule of a security group, with one source (or destination), without its ID, which AWS assigns anew each time. */
export type Permission = {
  /** `tcp`, `udp`, `icmp`, `icmpv6`, another protocol's number, or `-1` for all. */
  readonly protocol: string;
  /** Ports, or type and code of ICMP; -1 for all. */
  readonly from: number;
  readonly to: number;
  readonly ipv4?: string;
  readonly ipv6?: string;
  readonly prefixList?: string;
  /** The CIDR blocks of the prefix list, where they are read; absent if it can't be. */
  readonly entries?: readonly string[];
  readonly group?: GroupReference;
  readonly description?: string;
  readonly tags: Tags;
};

export type Direction = 'ingress' | 'egress';

/** The permissions of a security group, sorted. A group that does not exist has none. */
export async function readPermissions(groupId: string, aws: Aws): Promise<Readonly<Record<Direction, readonly Permission[]>>> {
  const rules = await collect(
    (NextToken) =>
      aws.send(new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [groupId] }], MaxResults: 1000, NextToken })),
    ({ SecurityGroupRules }) => SecurityGroupRules,
    ({ NextToken }) => NextToken,
  );
  const permissions = (egress: boolean) =>
    rules
      .filter(({ IsEgress }) => IsEgress === egress)
      .map(permissionOf)
      .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  return { ingress: permissions(false), egress: permissions(true) };
}

const protocolNames: Readonly<Record<string, string>> = { '1': 'icmp', '6': 'tcp', '17': 'udp', '58': 'icmpv6', all: '-1' };

function permissionOf({
  IpProtocol = '-1',
  FromPort = -1,
  ToPort = -1,
  CidrIpv4,
  CidrIpv6,
  PrefixListId,
  ReferencedGroupInfo,
  Description,
  Tags = [],
}: SecurityGroupRule): Permission {
  const { GroupId, UserId, PeeringStatus } = ReferencedGroupInfo ?? {};
  return {
    protocol: protocolNames[IpProtocol.toLowerCase()] ?? IpProtocol.toLowerCase(),
    from: FromPort,
    to: ToPort,
    ...(CidrIpv4 && { ipv4: CidrIpv4 }),
    ...(CidrIpv6 && { ipv6: CidrIpv6 }),
    ...(PrefixListId && { prefixList: PrefixListId }),
    ...(GroupId && { group: { id: GroupId, ...(UserId && { account: UserId }), ...(PeeringStatus && { peering: PeeringStatus }) } }),
    ...(Description && { description: Description }),
    tags: Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]).sort(([a = ''], [b = '']) => (a < b ? -1 : 1))),
  };
}

/** The identity of a permission in AWS: everything except its description, its tags, and what its prefix list contains. */
const keyOf = ({ protocol, from, to, ipv4, ipv6, prefixList, group }: Permission): string =>
  JSON.stringify([protocol, from, to, ipv4 ?? '', ipv6 ?? '', prefixList ?? '', group?.id ?? '']);

/** A permission in words: `the security group rule for tcp 22 from 0.0.0.0/0`. */
export function nameOfPermission({ protocol, from, to, ipv4, ipv6, prefixList, group }: Permission): string {
  const ports = protocol === '-1' ? 'all traffic' : `${protocol} ${from === to ? from : `${from}-${to}`}`;
  return `the security group rule for ${ports} of ${ipv4 ?? ipv6 ?? prefixList ?? group?.id}`;
}

/** The changes that revoke these permissions, and authorize them again on a rollback. */
export const revocations = (groupId: string, direction: Direction, permissions: readonly Permission[]): readonly Change[] =>
  alike(permissions).map((some) => ({
    do: revocation(groupId, direction, some),
    undo: authorization(groupId, direction, some),
    note: 'A rollback creates the security group rules again, with new IDs.',
  }));

/** The commands that authorize again what a fix revoked, unless others have done so. Permissions that others revoked since are not restored. */
export function restorations(
  groupId: string,
  direction: Direction,
  { before, after, now }: Readonly<Record<'before' | 'after' | 'now', readonly Permission[]>>,
): readonly AwsCommand[] {
  const kept = new Set([...after, ...now].map(keyOf));
  return alike(before.filter((permission) => !kept.has(keyOf(permission)))).map((some) => authorization(groupId, direction, some));
}

export const revocation = (GroupId: string, direction: Direction, permissions: readonly Permission[]): AwsCommand => {
  const input = { GroupId, IpPermissions: permissions.map(ipPermission) };
  return direction === 'ingress' ? new RevokeSecurityGroupIngressCommand(input) : new RevokeSecurityGroupEgressCommand(input);
};

function authorization(GroupId: string, direction: Direction, permissions: readonly Permission[]): AwsCommand {
  const tags = Object.entries(permissions[0]?.tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
  const input = {
    GroupId,
    IpPermissions: permissions.map(ipPermission),
    ...(tags.length > 0 && { TagSpecifications: [{ ResourceType: 'security-group-rule' as const, Tags: tags }] }),
  };
  return direction === 'ingress' ? new AuthorizeSecurityGroupIngressCommand(input) : new AuthorizeSecurityGroupEgressCommand(input);
}

/** The permissions grouped by their tags, as one call sets the same tags for all its permissions. */
function alike(permissions: readonly Permission[]): readonly (readonly Permission[])[] {
  const groups = new Map<string, Permission[]>();
  for (const permission of permissions) {
    const tags = JSON.stringify(permission.tags);
    groups.set(tags, [...(groups.get(tags) ?? []), permission]);
  }
  return [...groups.values()];
}

function ipPermission({ protocol, from, to, ipv4, ipv6, prefixList, group, description }: Permission): IpPermission {
  const Description = description === undefined ? {} : { Description: description };
  return {
    IpProtocol: protocol,
    ...(protocol !== '-1' && { FromPort: from, ToPort: to }),
    ...(ipv4 && { IpRanges: [{ CidrIp: ipv4, ...Description }] }),
    ...(ipv6 && { Ipv6Ranges: [{ CidrIpv6: ipv6, ...Description }] }),
    ...(prefixList && { PrefixListIds: [{ PrefixListId: prefixList, ...Description }] }),
    ...(group && { UserIdGroupPairs: [{ GroupId: group.id, ...(group.account && { UserId: group.account }), ...Description }] }),
  };
}
