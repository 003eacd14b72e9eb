import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateNetworkInterfaceCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeSecurityGroupsCommand,
  type IpPermission,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import { callOf } from '../../../functions/aws/call';
import { loggedChange } from '../../../functions/plan/change';
import rule from '../../../rules/ec2/default-security-group-closed';
import type { Permission } from '../../../rules/ec2/security-group/permission';
import type { Aws, AwsCommand } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import { groupWith, ingressOf, permit, prefixList, ranges, tcp } from './security-group/seed';

describeRule(rule, {
  violations: {
    'a default group as AWS makes it, which trusts itself and sends anywhere': {
      async seed(world) {
        const id = await emptyDefault(world);
        await permit(world, id, { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: id }] });
        await send(world, id, { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }], Ipv6Ranges: [{ CidrIpv6: '::/0' }] });
        return id;
      },
      async fixed(world, id) {
        expect(await ingressOf(world, id)).toEqual([]);
      },
    },
    'a default group with permissions of all sorts in both directions, some of them with tags': {
      async seed(world) {
        const id = await emptyDefault(world);
        const mixed: IpPermission = {
          ...tcp(22, 22, '10.0.0.0/8', '2001:db8::/48'),
          PrefixListIds: [{ PrefixListId: await prefixList(world) }],
          UserIdGroupPairs: [{ GroupId: id }, { GroupId: await groupWith(world), UserId: '111122223333' }],
        };
        await permit(world, id, mixed, { IpProtocol: 'icmp', FromPort: 8, ToPort: -1, ...ranges(['10.0.0.0/8']) });
        await send(world, id, mixed, { IpProtocol: '50', FromPort: -1, ToPort: -1, ...ranges(['10.0.0.0/8']) });
        const tagged = {
          GroupId: id,
          IpPermissions: [tcp(443, 443, '0.0.0.0/0')],
          TagSpecifications: [{ ResourceType: 'security-group-rule' as const, Tags: [{ Key: 'owner', Value: 'web team' }] }],
        };
        await world.send(new AuthorizeSecurityGroupIngressCommand(tagged));
        await world.send(new AuthorizeSecurityGroupEgressCommand(tagged));
        return id;
      },
      meanwhile: (world, id) => permit(world, id, tcp(8443, 8443, '10.0.0.0/8')),
      async rolledBack(world, id) {
        expect(await ingressOf(world, id)).toEqual([
          'icmp 8--1 10.0.0.0/8 (from 10.0.0.0/8)',
          'tcp 22-22 10.0.0.0/8 (from 10.0.0.0/8)',
          'tcp 22-22 2001:db8::/48 (from 2001:db8::/48)',
          expect.stringMatching(/^tcp 22-22 pl-/),
          expect.stringMatching(/^tcp 22-22 sg-/),
          expect.stringMatching(/^tcp 22-22 sg-/),
          'tcp 443-443 0.0.0.0/0 (from 0.0.0.0/0) owner=web team',
          'tcp 8443-8443 10.0.0.0/8 (from 10.0.0.0/8)',
        ]);
      },
    },
    'a default group that trusts one of a VPC which is no longer peered': {
      async seed(world) {
        const id = await emptyDefault(world);
        await permit(world, id, tcp(22, 22, '10.0.0.0/8'), {
          ...tcp(22, 22),
          UserIdGroupPairs: [{ GroupId: await groupWith(world), UserId: '111122223333', PeeringStatus: 'deleted' }],
        });
        return id;
      },
      outcome: 'partly-fixed',
      async fixed(world, id) {
        expect(await ingressOf(world, id)).toEqual([expect.stringMatching(/^tcp 22-22 sg-/)]);
      },
    },
    'a default group that network interfaces are in, where that does not matter to the owner of the policy': {
      seed: inUse,
      parameters: { evenInUse: true },
    },
    'a default group, where other groups of the VPC are in use': {
      async seed(world) {
        const id = await emptyDefault(world);
        await permit(world, id, tcp(22, 22, '10.0.0.0/8'));
        await interfaceIn(world, id, await groupBeside(world, id));
        return id;
      },
    },
  },
  compliant: {
    'a default group that permits nothing': { seed: emptyDefault },
    'a default group that permits nothing, and is in use': {
      async seed(world) {
        const id = await emptyDefault(world);
        await interfaceIn(world, id, id);
        return id;
      },
    },
  },
  obstacles: {
    'a default group that network interfaces are in': { seed: inUse, outcome: 'unfixable', reason: /in use by network interfaces .*eni-/ },
    'a group that is not the default one': {
      seed: (world) => groupWith(world, tcp(22, 22, '0.0.0.0/0')),
      outcome: 'unfixable',
      reason: /is not the default one/,
    },
  },
  missing: 'sg-0123456789abcdef0',
});

/** A default group with a permission, beside another group of a network interface. */
async function inUse(world: World): Promise<string> {
  const id = await emptyDefault(world);
  await permit(world, id, { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: id }] });
  await interfaceIn(world, id, await groupBeside(world, id), id);
  return id;
}

/** Makes a network interface in the VPC of a default group. */
async function interfaceIn(world: World, ofDefault: string, ...Groups: readonly string[]): Promise<void> {
  const { Subnet } = await world.send(new CreateSubnetCommand({ VpcId: await vpcOf(world, ofDefault), CidrBlock: '10.0.1.0/24' }));
  await world.send(new CreateNetworkInterfaceCommand({ SubnetId: Subnet?.SubnetId, Groups: [...Groups] }));
}

async function groupBeside(world: World, ofDefault: string): Promise<string> {
  const VpcId = await vpcOf(world, ofDefault);
  const { GroupId = '' } = await world.send(new CreateSecurityGroupCommand({ GroupName: 'web', Description: 'Web servers', VpcId }));
  return GroupId;
}

async function vpcOf(world: World, GroupId: string): Promise<string> {
  const { SecurityGroups = [] } = await world.send(new DescribeSecurityGroupsCommand({ GroupIds: [GroupId] }));
  return SecurityGroups[0]?.VpcId ?? '';
}

/** The default group of a new VPC, closed. */
async function emptyDefault(world: World): Promise<string> {
  const { Vpc } = await world.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16', AmazonProvidedIpv6CidrBlock: true }));
  const { SecurityGroups = [] } = await world.send(
    new DescribeSecurityGroupsCommand({
      Filters: [
        { Name: 'vpc-id', Values: [Vpc?.VpcId ?? ''] },
        { Name: 'group-name', Values: ['default'] },
      ],
    }),
  );
  const [{ GroupId = '', IpPermissions = [], IpPermissionsEgress = [] } = {}] = SecurityGroups;
  if (IpPermissions.length > 0) await world.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  if (IpPermissionsEgress.length > 0)
    await world.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: IpPermissionsEgress }));
  return GroupId;
}

async function send(world: World, GroupId: string, ...permissions: readonly IpPermission[]): Promise<void> {
  await world.send(new AuthorizeSecurityGroupEgressCommand({ GroupId, IpPermissions: [...permissions] }));
}

const id = 'sg-0a';
const resource = {
  partition: 'aws',
  account: '123456789012',
  region: 'eu-west-1',
  type: 'AWS::EC2::SecurityGroup',
  id,
  arn: `arn:aws:ec2:eu-west-1:123456789012:security-group/${id}`,
};
const planFor = (over: { name?: string; owner?: string; ingress?: readonly Permission[]; egress?: readonly Permission[] }) =>
  rule.plan(
    resource,
    { name: 'default', owner: resource.account, ingress: [], egress: [], ...over },
    { parameters: { evenInUse: false }, detectedBy: 'EC2.2', now: new Date(0) },
  );
const from = (group: Permission['group'], over: Partial<Permission> = {}): Permission => ({
  protocol: 'tcp',
  from: 22,
  to: 22,
  ...(group && { group }),
  tags: {},
  ...over,
});

describe('a plan', () => {
  it('revokes and gives back a group and a prefix list with their descriptions', () => {
    const plan = planFor({
      ingress: [from({ id: 'sg-0b', account: '111122223333', peering: 'active' }, { description: 'partner' })],
      egress: [from(undefined, { prefixList: 'pl-0a', description: 'offices' })],
    });
    const pair = { UserIdGroupPairs: [{ GroupId: 'sg-0b', UserId: '111122223333', Description: 'partner' }] };
    const list = { PrefixListIds: [{ PrefixListId: 'pl-0a', Description: 'offices' }] };
    const input = (source: object) => ({ GroupId: id, IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, ...source }] });
    const call = (operation: string, source: object) => ({ service: 'ec2', operation, input: input(source) });
    const note = expect.stringContaining('with new IDs');
    expect(Array.isArray(plan) && plan.map(loggedChange)).toEqual([
      { do: call('RevokeSecurityGroupIngress', pair), undo: call('AuthorizeSecurityGroupIngress', pair), note },
      { do: call('RevokeSecurityGroupEgress', list), undo: call('AuthorizeSecurityGroupEgress', list), note },
    ]);
  });

  it('keeps for the end, and for an approval, what could not be given back: a group that is deleted or out of reach', () => {
    const plan = planFor({
      ingress: [from({ id: 'sg-0b' }), from({ id: 'sg-0c', account: '111122223333', peering: 'expired' })],
      egress: [from({ id: 'sg-0d', account: '123456789012' })],
    });
    const irreversible = Array.isArray(plan) && plan.map((change) => change.irreversible);
    expect(irreversible).toEqual([undefined, expect.stringContaining('sg-0b'), expect.stringContaining('sg-0c')]);
  });

  it('is taken back but for what others have revoked since, and what they have given again', () => {
    const of = (...ids: readonly string[]) => ids.map((group) => from({ id: group, account: '123456789012' }));
    const state = (...ids: readonly string[]) => ({ name: 'default', owner: resource.account, ingress: of(...ids), egress: of(...ids) });
    const states = { before: state('sg-0b', 'sg-0c', 'sg-0d'), after: state('sg-0d') };
    const commands = rule.revertOwnPart?.(resource, state('sg-0c'), { ...states, parameters: { evenInUse: false } }) ?? [];
    const pair = [{ GroupId: 'sg-0b', UserId: '123456789012' }];
    const input = { GroupId: id, IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, UserIdGroupPairs: pair }] };
    expect(commands.map(({ constructor: { name }, input: given }) => [name, given])).toEqual([
      ['AuthorizeSecurityGroupIngressCommand', input],
      ['AuthorizeSecurityGroupEgressCommand', input],
    ]);
  });

  it('is refused for a group that belongs to another account', () => {
    expect(planFor({ owner: '999999999999' })).toEqual({
      unfixable: 'The security group sg-0a belongs to account 999999999999, and only that account can change it.',
      code: 'owned-by-other-account',
    });
  });
});

it('reads all pages of the network interfaces, and names a few of them', async () => {
  const pages: Record<string, object> = {
    first: { NetworkInterfaces: [{ NetworkInterfaceId: 'eni-7' }, { NetworkInterfaceId: 'eni-6' }], NextToken: 'second' },
    second: { NetworkInterfaces: [5, 4, 3, 2].map((number) => ({ NetworkInterfaceId: `eni-${number}` })) },
  };
  const answers: Record<string, object> = {
    DescribeSecurityGroups: { SecurityGroups: [{ GroupName: 'default', OwnerId: resource.account }] },
    DescribeSecurityGroupRules: { SecurityGroupRules: [{ IsEgress: true, CidrIpv4: '0.0.0.0/0' }] },
  };
  const asked: unknown[] = [];
  const send = async (command: AwsCommand) => {
    const { operation, input } = callOf(command);
    if (operation !== 'DescribeNetworkInterfaces') return answers[operation];
    asked.push(input);
    return pages[(input as { NextToken?: string }).NextToken ?? 'first'];
  };
  const aws = { send } as unknown as Aws;
  expect(await rule.inspect(resource, aws, { evenInUse: false })).toMatchObject({
    interfaces: ['eni-2', 'eni-3', 'eni-4', 'eni-5', 'eni-6'],
  });
  expect(asked).toMatchObject([{ Filters: [{ Name: 'group-id', Values: [id] }] }, { NextToken: 'second' }]);
  expect(await rule.inspect(resource, aws, { evenInUse: true })).not.toHaveProperty('interfaces');
  expect(asked).toHaveLength(2);
});
