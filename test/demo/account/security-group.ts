import { deepStrictEqual } from 'node:assert';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateVpcCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  type IpPermission,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import type { World } from '../../contract/scenario';
import type { ReportedResource } from '../../events/resources';
import type { Piece } from './piece';

const office = { CidrIp: '203.0.113.0/24', Description: 'the office' };

const reported = ({ partition, account, region }: World, id: string): ReportedResource => ({
  type: 'AWS::EC2::SecurityGroup',
  arn: `arn:${partition}:ec2:${region}:${account}:security-group/${id}`,
  configId: id,
});

const newVpc = async (world: World): Promise<string> => {
  const { Vpc } = await world.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  return Vpc?.VpcId ?? '';
};

/** A security group of a VPC of its own, with these permissions for what comes in. */
const group =
  (GroupName: string, IpPermissions: readonly IpPermission[], tags: Readonly<Record<string, string>> = {}) =>
  async (world: World): Promise<ReportedResource> => {
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    const { GroupId = '' } = await world.send(
      new CreateSecurityGroupCommand({
        GroupName,
        Description: GroupName,
        VpcId: await newVpc(world),
        ...(Tags.length > 0 && { TagSpecifications: [{ ResourceType: 'security-group', Tags }] }),
      }),
    );
    await world.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [...IpPermissions] }));
    return reported(world, GroupId);
  };

/** The default security group of a new VPC; `closed` has lost all its permissions. */
const defaultGroup =
  (closed: boolean) =>
  async (world: World): Promise<ReportedResource> => {
    const Filters = [
      { Name: 'vpc-id', Values: [await newVpc(world)] },
      { Name: 'group-name', Values: ['default'] },
    ];
    const { SecurityGroups: [found] = [] } = await world.send(new DescribeSecurityGroupsCommand({ Filters }));
    const GroupId = found?.GroupId ?? '';
    if (closed) {
      const { SecurityGroupRules = [] } = await world.send(
        new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [GroupId] }] }),
      );
      const ids = (egress: boolean) =>
        SecurityGroupRules.flatMap(({ IsEgress, SecurityGroupRuleId }) => (IsEgress === egress ? (SecurityGroupRuleId ?? []) : []));
      if (ids(false).length > 0) await world.send(new RevokeSecurityGroupIngressCommand({ GroupId, SecurityGroupRuleIds: ids(false) }));
      if (ids(true).length > 0) await world.send(new RevokeSecurityGroupEgressCommand({ GroupId, SecurityGroupRuleIds: ids(true) }));
    }
    return reported(world, GroupId);
  };

const keepsOffice = async (world: World, { configId = '' }: ReportedResource): Promise<void> => {
  const { SecurityGroups: [found] = [] } = await world.send(new DescribeSecurityGroupsCommand({ GroupIds: [configId] }));
  const ranges = found?.IpPermissions?.flatMap(({ IpRanges = [] }) => IpRanges);
  deepStrictEqual(
    ranges?.find(({ CidrIp }) => CidrIp === office.CidrIp),
    office,
  );
};

const ssh = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22 } as const;

export const securityGroups: readonly Piece[] = [
  {
    control: 'EC2.13',
    words: 'SSH from the internet (IPv4 and IPv6), in addition to the office',
    resource: group('bastion', [{ ...ssh, IpRanges: [office, { CidrIp: '0.0.0.0/0' }], Ipv6Ranges: [{ CidrIpv6: '::/0' }] }]),
    ends: 'fixed',
    keeps: keepsOffice,
  },
  {
    control: 'restricted-ssh',
    deployed: 'security-hub',
    words: 'a port range with SSH, from the internet in two halves',
    resource: group('jump-host', [
      { IpProtocol: 'tcp', FromPort: 20, ToPort: 30, IpRanges: [{ CidrIp: '0.0.0.0/1' }, { CidrIp: '128.0.0.0/1' }] },
    ]),
    ends: 'fixed',
  },
  {
    control: 'EC2.14',
    words: 'all traffic, including RDP, from the internet',
    resource: group('desktops', [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }]),
    ends: 'fixed',
  },
  {
    control: 'EC2.13',
    words: 'HTTPS from the internet, SSH only from the office',
    resource: group('web', [
      { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
      { ...ssh, IpRanges: [office] },
    ]),
    ends: 'already-compliant',
  },
  {
    control: 'EC2.13',
    words: 'a honeypot: exempt from this rule by its tag',
    resource: group('honeypot', [{ ...ssh, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }], {
      'posture:exempt': 'ec2-security-group-admin-ports-closed',
    }),
    ends: 'exempt',
  },
  { control: 'EC2.2', words: 'allows traffic between members, and all outbound traffic', resource: defaultGroup(false), ends: 'fixed' },
  { control: 'EC2.2', words: 'already has no rules', resource: defaultGroup(true), ends: 'already-compliant' },
  {
    control: 'EC2.18',
    words: 'an unauthorized port is open to the internet, in addition to HTTP',
    resource: group('shop', [
      { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
      { IpProtocol: 'tcp', FromPort: 8443, ToPort: 8443, IpRanges: [{ CidrIp: '0.0.0.0/0' }, office] },
    ]),
    ends: 'fixed',
  },
  {
    control: 'EC2.18',
    words: 'only HTTP is open to the internet',
    resource: group('pages', [{ IpProtocol: 'tcp', FromPort: 80, ToPort: 80, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }]),
    ends: 'already-compliant',
  },
];
