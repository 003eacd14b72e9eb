import { AutoScalingClient, CreateAutoScalingGroupCommand, DescribeAutoScalingInstancesCommand } from '@aws-sdk/client-auto-scaling';
import {
  AssociateDhcpOptionsCommand,
  AttachNetworkInterfaceCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateDhcpOptionsCommand,
  CreateLaunchTemplateCommand,
  CreateNetworkInterfaceCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeInstanceAttributeCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  ModifyInstanceAttributeCommand,
  RevokeSecurityGroupEgressCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import {
  CreateTargetGroupCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  CreateRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import type { World } from '../../../contract/scenario';
import { pathsOf } from './paths';

export const clients = [AutoScalingClient, ElasticLoadBalancingV2Client, IAMClient];

export interface Network {
  readonly vpc: string;
  readonly subnets: readonly string[];
  /** Security groups that allow something, in an order that no sorting gives. */
  readonly groups: readonly string[];
}

export async function network(world: World): Promise<Network> {
  const { Vpc } = await world.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const vpc = Vpc?.VpcId ?? '';
  const subnets: string[] = [];
  for (const [index, zone] of ['a', 'b'].entries()) {
    const { Subnet } = await world.send(
      new CreateSubnetCommand({ VpcId: vpc, CidrBlock: `10.0.${index}.0/24`, AvailabilityZone: `${world.region}${zone}` }),
    );
    subnets.push(Subnet?.SubnetId ?? '');
  }
  const groups: string[] = [];
  for (const [name, port] of [
    ['web', 443],
    ['admin', 22],
    ['metrics', 9100],
  ] as const) {
    const { GroupId = '' } = await world.send(new CreateSecurityGroupCommand({ GroupName: name, Description: name, VpcId: vpc }));
    const ranges = [{ IpProtocol: 'tcp', FromPort: port, ToPort: port, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
    await world.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: ranges }));
    groups.push(GroupId);
  }
  return { vpc, subnets, groups: groups.toSorted().reverse() };
}

/** An instance with these groups on its only interface. */
export async function instanceIn(world: World, { subnets: [SubnetId], groups }: Network, profile?: string): Promise<string> {
  const { Instances = [] } = await world.send(
    new RunInstancesCommand({
      ImageId: 'ami-12c6146b',
      InstanceType: 't3.micro',
      MinCount: 1,
      MaxCount: 1,
      SubnetId,
      SecurityGroupIds: [...groups],
      ...(profile !== undefined && { IamInstanceProfile: { Name: profile } }),
    }),
  );
  return Instances[0]?.InstanceId ?? '';
}

/** An instance profile whose role may do everything, with inline policies of about so many characters. */
export async function profile(world: World, size = 100): Promise<string> {
  const name = 'workers';
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  };
  await world.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: JSON.stringify(trust) }));
  const everything = { Version: '2012-10-17', Statement: [{ Sid: 'x'.repeat(size), Effect: 'Allow', Action: '*', Resource: '*' }] };
  await world.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: 'work', PolicyDocument: JSON.stringify(everything) }));
  await world.send(new CreateInstanceProfileCommand({ InstanceProfileName: name }));
  await world.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: name, RoleName: name }));
  return name;
}

/** The inline policies of the role of such a profile, by name. */
export async function policiesOf(world: World, RoleName: string): Promise<Readonly<Record<string, string>>> {
  const { PolicyNames = [] } = await world.send(new ListRolePoliciesCommand({ RoleName }));
  const all: [string, string][] = [];
  for (const PolicyName of PolicyNames) {
    const { PolicyDocument = '' } = await world.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
    all.push([PolicyName, decodeURIComponent(PolicyDocument)]);
  }
  return Object.fromEntries(all);
}

/** Gives it a second interface, in the other subnet. */
export async function addInterface(world: World, InstanceId: string, { subnets, groups }: Network, DeviceIndex = 1): Promise<string> {
  const { NetworkInterface } = await world.send(
    new CreateNetworkInterfaceCommand({ SubnetId: subnets[1] ?? '', Groups: groups.slice(0, 2).reverse() }),
  );
  const NetworkInterfaceId = NetworkInterface?.NetworkInterfaceId ?? '';
  await world.send(new AttachNetworkInterfaceCommand({ InstanceId, NetworkInterfaceId, DeviceIndex }));
  return NetworkInterfaceId;
}

/** A target group of the VPC in which the target is registered under these ports: alone, or with a healthy target besides. */
export async function targetGroup(
  world: World,
  { vpc }: Network,
  {
    name,
    id,
    ports,
    type = 'instance',
    alone = false,
  }: {
    readonly name: string;
    readonly id: string;
    readonly ports: readonly number[];
    readonly type?: 'instance' | 'ip';
    readonly alone?: boolean;
  },
): Promise<void> {
  const { TargetGroups = [] } = await world.send(
    new CreateTargetGroupCommand({ Name: name, Protocol: 'HTTP', Port: 80, VpcId: vpc, TargetType: type }),
  );
  const TargetGroupArn = TargetGroups[0]?.TargetGroupArn;
  const besides = type === 'ip' ? '10.0.1.250' : 'i-0fedcba9876543210';
  const targets = [id, ...(alone ? [] : [besides])].flatMap((Id) => ports.map((Port) => ({ Id, Port })));
  if (targets.length > 0) await world.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: targets }));
}

/** Has the VPC name its DNS server, as for a directory. */
export async function resolver(world: World, { vpc }: Network, address: string): Promise<void> {
  const { DhcpOptions } = await world.send(
    new CreateDhcpOptionsCommand({ DhcpConfigurations: [{ Key: 'domain-name-servers', Values: [address] }] }),
  );
  await world.send(new AssociateDhcpOptionsCommand({ DhcpOptionsId: DhcpOptions?.DhcpOptionsId ?? '', VpcId: vpc }));
}

/** The instance of a group that has room for one more. */
export async function instanceOfGroup(world: World, { subnets: [SubnetId], groups }: Network): Promise<string> {
  const LaunchTemplateName = 'workers';
  await world.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName,
      LaunchTemplateData: { ImageId: 'ami-12c6146b', InstanceType: 't3.micro', SecurityGroupIds: [...groups] },
    }),
  );
  await world.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: 'workers',
      LaunchTemplate: { LaunchTemplateName, Version: '$Latest' },
      MinSize: 1,
      MaxSize: 3,
      DesiredCapacity: 1,
      VPCZoneIdentifier: SubnetId,
    }),
  );
  const { AutoScalingInstances = [] } = await world.send(new DescribeAutoScalingInstancesCommand({}));
  return AutoScalingInstances[0]?.InstanceId ?? '';
}

export const settings = async (world: World, InstanceId: string, shutdown: 'stop' | 'terminate', protectedNow: boolean): Promise<void> => {
  await world.send(new ModifyInstanceAttributeCommand({ InstanceId, InstanceInitiatedShutdownBehavior: { Value: shutdown } }));
  await world.send(new ModifyInstanceAttributeCommand({ InstanceId, DisableApiTermination: { Value: protectedNow } }));
};

export async function keepVolumes(world: World, InstanceId: string): Promise<void> {
  const { Reservations = [] } = await world.send(new DescribeInstancesCommand({ InstanceIds: [InstanceId] }));
  for (const { DeviceName } of Reservations[0]?.Instances?.[0]?.BlockDeviceMappings ?? []) {
    const BlockDeviceMappings = [{ DeviceName, Ebs: { DeleteOnTermination: false } }];
    await world.send(new ModifyInstanceAttributeCommand({ InstanceId, BlockDeviceMappings }));
  }
}

/** A group with the name of the quarantine group, as the rule makes it or not. */
export async function quarantineGroup(
  world: World,
  { vpc }: Pick<Network, 'vpc'>,
  { tagged, egress }: { readonly tagged: boolean; readonly egress: boolean },
): Promise<string> {
  const { GroupId = '' } = await world.send(
    new CreateSecurityGroupCommand({
      GroupName: 'posture-quarantine',
      Description: 'A group',
      VpcId: vpc,
      ...(tagged && { TagSpecifications: [{ ResourceType: 'security-group', Tags: [{ Key: 'posture:quarantine', Value: 'true' }] }] }),
    }),
  );
  const all = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
  if (!egress) await world.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: all }));
  return GroupId;
}

/** All that a response may change of an instance, as AWS shows it. */
export async function lookAt(world: World, InstanceId: string) {
  const { Reservations = [] } = await world.send(new DescribeInstancesCommand({ InstanceIds: [InstanceId] }));
  const { NetworkInterfaces = [] } = await world.send(
    new DescribeNetworkInterfacesCommand({ Filters: [{ Name: 'attachment.instance-id', Values: [InstanceId] }] }),
  );
  const attribute = (Attribute: 'disableApiTermination' | 'instanceInitiatedShutdownBehavior') =>
    world.send(new DescribeInstanceAttributeCommand({ InstanceId, Attribute }));
  const { AutoScalingInstances = [] } = await world.send(new DescribeAutoScalingInstancesCommand({ InstanceIds: [InstanceId] }));
  return {
    paths: await pathsOf(world, InstanceId),
    groups: NetworkInterfaces.map(({ NetworkInterfaceId = '', Groups = [] }) => [NetworkInterfaceId, Groups.map(({ GroupId }) => GroupId)]),
    kept: (Reservations[0]?.Instances?.[0]?.BlockDeviceMappings ?? []).map(({ Ebs }) => Ebs?.DeleteOnTermination === false),
    protected: (await attribute('disableApiTermination')).DisableApiTermination?.Value,
    shutdown: (await attribute('instanceInitiatedShutdownBehavior')).InstanceInitiatedShutdownBehavior?.Value,
    autoScaling: AutoScalingInstances.map(({ AutoScalingGroupName }) => AutoScalingGroupName),
    targets: await targetsOf(world),
  };
}

async function targetsOf(world: World): Promise<readonly string[]> {
  const { TargetGroups = [] } = await world.send(new DescribeTargetGroupsCommand({}));
  const all: string[] = [];
  for (const { TargetGroupArn, TargetGroupName } of TargetGroups) {
    const { TargetHealthDescriptions = [] } = await world.send(new DescribeTargetHealthCommand({ TargetGroupArn }));
    all.push(...TargetHealthDescriptions.map(({ Target }) => `${TargetGroupName} ${Target?.Id} ${Target?.Port}`));
  }
  return all.sort();
}
