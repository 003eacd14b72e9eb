import { deepStrictEqual } from 'node:assert';
import {
  CreateSnapshotCommand,
  CreateSubnetCommand,
  CreateTransitGatewayCommand,
  CreateVolumeCommand,
  CreateVpcCommand,
  DescribeSnapshotAttributeCommand,
  DescribeSnapshotsCommand,
  DisableEbsEncryptionByDefaultCommand,
  EnableEbsEncryptionByDefaultCommand,
  ModifySnapshotAttributeCommand,
  ModifySubnetAttributeCommand,
  RunInstancesCommand,
  type Tag,
} from '@aws-sdk/client-ec2';
import type { World } from '../../contract/scenario';
import type { ReportedResource } from '../../events/resources';
import { ownAccount, type Piece } from './piece';

const partner = '210987654321';

const newSnapshot = async (world: World, Tags: readonly Tag[], may: readonly string[]): Promise<string> => {
  const { VolumeId } = await world.send(new CreateVolumeCommand({ AvailabilityZone: `${world.region}a`, Size: 1 }));
  const TagSpecifications = Tags.length === 0 ? [] : [{ ResourceType: 'snapshot' as const, Tags: [...Tags] }];
  const { SnapshotId = '' } = await world.send(new CreateSnapshotCommand({ VolumeId, TagSpecifications }));
  for (const who of may) {
    await world.send(
      new ModifySnapshotAttributeCommand({
        SnapshotId,
        Attribute: 'createVolumePermission',
        OperationType: 'add',
        ...(who === 'all' ? { GroupNames: ['all'] } : { UserIds: [who] }),
      }),
    );
  }
  return SnapshotId;
};

const grantsOf = async (world: World, Name: string) => {
  const { Snapshots = [] } = await world.send(
    new DescribeSnapshotsCommand({ OwnerIds: ['self'], Filters: [{ Name: 'tag:Name', Values: [Name] }] }),
  );
  const { CreateVolumePermissions } = await world.send(
    new DescribeSnapshotAttributeCommand({ SnapshotId: Snapshots[0]?.SnapshotId, Attribute: 'createVolumePermission' }),
  );
  return CreateVolumePermissions;
};

/** What AWS reports is the account: which of its snapshots are public, the rule finds out. */
const snapshots = async (world: World): Promise<ReportedResource> => {
  await newSnapshot(world, [{ Key: 'Name', Value: 'customers' }], ['all', partner]);
  await newSnapshot(
    world,
    [
      { Key: 'Name', Value: 'training' },
      { Key: 'posture:exempt', Value: 'all' },
    ],
    ['all'],
  );
  return ownAccount(world);
};

const keepsGrants = async (world: World): Promise<void> => {
  deepStrictEqual(await grantsOf(world, 'customers'), [{ UserId: partner }]);
  deepStrictEqual(await grantsOf(world, 'training'), [{ Group: 'all' }]);
};

const privateSnapshot = async (world: World): Promise<ReportedResource> => {
  await newSnapshot(world, [], [partner]);
  return ownAccount(world);
};

/** An instance with this answer to old metadata clients. */
const instance =
  (HttpTokens: 'optional' | 'required', HttpPutResponseHopLimit: number) =>
  async (world: World): Promise<ReportedResource> => {
    const { Instances: [made] = [] } = await world.send(
      new RunInstancesCommand({
        ImageId: 'ami-12c6146b',
        InstanceType: 't3.micro',
        MinCount: 1,
        MaxCount: 1,
        MetadataOptions: { HttpTokens, HttpPutResponseHopLimit, HttpEndpoint: 'enabled' },
      }),
    );
    const id = made?.InstanceId ?? '';
    return { type: 'AWS::EC2::Instance', arn: `arn:${world.partition}:ec2:${world.region}:${world.account}:instance/${id}`, configId: id };
  };

const vpc = async (world: World): Promise<ReportedResource> => {
  const { Vpc } = await world.send(new CreateVpcCommand({ CidrBlock: '10.20.0.0/16' }));
  const id = Vpc?.VpcId ?? '';
  return { type: 'AWS::EC2::VPC', arn: `arn:${world.partition}:ec2:${world.region}:${world.account}:vpc/${id}`, configId: id };
};

const subnet =
  (CidrBlock: string, Value: boolean) =>
  async (world: World): Promise<ReportedResource> => {
    const { Vpc } = await world.send(new CreateVpcCommand({ CidrBlock: '10.30.0.0/16' }));
    const { Subnet } = await world.send(new CreateSubnetCommand({ VpcId: Vpc?.VpcId, CidrBlock }));
    const { SubnetId = '', SubnetArn: arn = '' } = Subnet ?? {};
    await world.send(new ModifySubnetAttributeCommand({ SubnetId, MapPublicIpOnLaunch: { Value } }));
    return { type: 'AWS::EC2::Subnet', arn, configId: SubnetId };
  };

const transitGateway =
  (AutoAcceptSharedAttachments: 'enable' | 'disable') =>
  async (world: World): Promise<ReportedResource> => {
    const { TransitGateway } = await world.send(new CreateTransitGatewayCommand({ Options: { AutoAcceptSharedAttachments } }));
    const { TransitGatewayId: configId = '', TransitGatewayArn: arn = '' } = TransitGateway ?? {};
    return { type: 'AWS::EC2::TransitGateway', arn, configId };
  };

export const ec2: readonly Piece[] = [
  {
    control: 'EC2.7',
    words: 'new volumes are not encrypted by default',
    async resource(world) {
      await world.send(new DisableEbsEncryptionByDefaultCommand({}));
      return ownAccount(world);
    },
    ends: 'fixed',
  },
  {
    control: 'EC2.7',
    region: 'eu-central-1',
    words: 'another Region, with encryption by default',
    async resource(world) {
      await world.send(new EnableEbsEncryptionByDefaultCommand({}));
      return ownAccount(world);
    },
    ends: 'already-compliant',
  },
  {
    control: 'EC2.1',
    words: 'a snapshot for a partner is public',
    resource: snapshots,
    again: 'exempt',
    ends: 'fixed',
    keeps: keepsGrants,
  },
  {
    control: 'EC2.1',
    region: 'us-east-1',
    words: 'another Region, with a snapshot shared with a partner only',
    resource: privateSnapshot,
    ends: 'already-compliant',
  },
  { control: 'EC2.8', words: 'IMDSv1 is allowed', resource: instance('optional', 2), ends: 'fixed' },
  { control: 'ec2-imdsv2-check', words: 'IMDSv2 is already required', resource: instance('required', 1), ends: 'already-compliant' },
  { control: 'EC2.6', words: 'no flow log', resource: vpc, ends: 'fixed' },
  { control: 'EC2.15', words: 'assigns public IP addresses automatically', resource: subnet('10.30.1.0/24', true), ends: 'fixed' },
  { control: 'EC2.15', words: 'assigns only private IP addresses', resource: subnet('10.30.2.0/24', false), ends: 'already-compliant' },
  { control: 'EC2.23', words: 'accepts attachments automatically', resource: transitGateway('enable'), ends: 'fixed' },
  {
    control: 'EC2.23',
    words: 'already requires the owner to accept attachments',
    resource: transitGateway('disable'),
    ends: 'already-compliant',
  },
];
