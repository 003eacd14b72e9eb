import { DescribeAutoScalingGroupsCommand, DescribeAutoScalingInstancesCommand } from '@aws-sdk/client-auto-scaling';
import {
  DescribeInstanceAttributeCommand,
  DescribeNetworkInterfacesCommand,
  type Instance,
  type NetworkInterface,
} from '@aws-sdk/client-ec2';
import { type Registration, readRegistrations } from '../../../elb/target-group/registrations';
import { collect } from '../../../pages';
import type { Aws, Place } from '../../../rule';
import { type QuarantineGroup, readQuarantineGroups } from '../../quarantine-group/group';
import { readServices } from './services';
import { type InstanceRole, readRole } from './sessions';

export type Interface = {
  readonly id: string;
  readonly vpc: string;
  /** The IDs of its security groups, in order. */
  readonly groups: readonly string[];
  readonly addresses: readonly string[];
  /** The service that manages it. */
  readonly service?: string;
};

export type Volume = {
  /** Its ID; none if the device is no EBS volume. */
  readonly id?: string;
  readonly device: string;
  /** Whether it is kept when the instance is terminated. */
  readonly kept: boolean;
};

export type State = {
  readonly terminationProtected: boolean;
  /** What happens when the instance is shut down from within: `stop` or `terminate`. */
  readonly shutdown: string;
  /** Sorted by device. */
  readonly volumes: readonly Volume[];
  /** Sorted by ID. */
  readonly interfaces: readonly Interface[];
  /** The quarantine group of each VPC with one of the interfaces, sorted. */
  readonly quarantine: readonly QuarantineGroup[];
  /** The Auto Scaling group that it can be detached from. */
  readonly group?: string;
  /** How many instances that has in service, or wants. */
  readonly groupSize?: number;
  readonly registrations: readonly Registration[];
  /** AWS refuses these settings of a Spot Instance, and of an instance whose root volume is an instance store. */
  readonly without?: 'spot' | 'instance-store';
  /** `pending` or `stopping`: it passes by itself. */
  readonly busy?: string;
  /** The service that manages the instance. */
  readonly operator?: string;
  /** The cluster that it is a node of, as its tags say: `Kubernetes cluster prod`. */
  readonly cluster?: string;
  /** What else depends on it, as parts of sentences; left out if nothing does. */
  readonly serves?: readonly string[];
  /** The ARNs of the target groups in which no other target serves. */
  readonly lastOf?: readonly string[];
  /** The role of its instance profile. */
  readonly role?: InstanceRole;
};

/** Reads all that the isolation of an instance depends on. */
export async function readState(id: string, found: Instance, place: Place, aws: Aws): Promise<State> {
  const attached = await readInterfaces(id, aws);
  const interfaces = attached.map(interfaceOf).sort((a, b) => (a.id < b.id ? -1 : 1));
  const vpcs = [...new Set(interfaces.map(({ vpc }) => vpc))].toSorted();
  const { DisableApiTermination } = await aws.send(
    new DescribeInstanceAttributeCommand({ InstanceId: id, Attribute: 'disableApiTermination' }),
  );
  const { InstanceInitiatedShutdownBehavior } = await aws.send(
    new DescribeInstanceAttributeCommand({ InstanceId: id, Attribute: 'instanceInitiatedShutdownBehavior' }),
  );
  const group = await readGroup(id, aws);
  const ids = [id, ...interfaces.flatMap(({ addresses }) => addresses)];
  const { InstanceLifecycle, RootDeviceType, Operator, BlockDeviceMappings = [] } = found;
  const cluster = clusterOf(found);
  const serves = await readServices({ InstanceId: id, Tags: found.Tags }, attached, vpcs, aws);
  const { registrations, lastOf } = await readRegistrations(ids, vpcs, aws);
  const role = await readRole(id, found.IamInstanceProfile?.Arn, aws);
  const status = found.State?.Name;
  return {
    terminationProtected: DisableApiTermination?.Value ?? false,
    shutdown: InstanceInitiatedShutdownBehavior?.Value ?? 'stop',
    volumes: BlockDeviceMappings.map(({ DeviceName = '', Ebs }) => ({
      ...(Ebs?.VolumeId !== undefined && { id: Ebs.VolumeId }),
      device: DeviceName,
      kept: Ebs?.DeleteOnTermination === false,
    })).sort((a, b) => (a.device < b.device ? -1 : 1)),
    interfaces,
    quarantine: await readQuarantineGroups(vpcs, place, aws),
    ...(group !== undefined && { group, groupSize: await readSize(group, aws) }),
    registrations,
    ...(lastOf.length > 0 && { lastOf }),
    ...(serves.length > 0 && { serves }),
    ...(InstanceLifecycle === 'spot' && { without: 'spot' as const }),
    ...(InstanceLifecycle !== 'spot' && RootDeviceType === 'instance-store' && { without: 'instance-store' as const }),
    ...((status === 'pending' || status === 'stopping') && { busy: status }),
    ...(Operator?.Managed && { operator: Operator.Principal ?? 'another service' }),
    ...(cluster !== undefined && { cluster }),
    ...(role && { role }),
  };
}

async function readInterfaces(id: string, aws: Aws): Promise<readonly NetworkInterface[]> {
  const Filters = [{ Name: 'attachment.instance-id', Values: [id] }];
  return collect(
    (NextToken) => aws.send(new DescribeNetworkInterfacesCommand({ Filters, NextToken })),
    ({ NetworkInterfaces }) => NetworkInterfaces,
    ({ NextToken }) => NextToken,
  );
}

function interfaceOf(found: NetworkInterface): Interface {
  const { NetworkInterfaceId = '', VpcId = '', Groups = [], PrivateIpAddresses = [], Ipv6Addresses = [] } = found;
  const service = serviceOf(found);
  return {
    id: NetworkInterfaceId,
    vpc: VpcId,
    groups: Groups.flatMap(({ GroupId }) => GroupId ?? []),
    addresses: [
      ...PrivateIpAddresses.flatMap(({ PrivateIpAddress }) => PrivateIpAddress ?? []),
      ...Ipv6Addresses.flatMap(({ Ipv6Address }) => Ipv6Address ?? []),
    ].toSorted(),
    ...(service !== undefined && { service }),
  };
}

function serviceOf({ Operator, RequesterManaged, RequesterId }: NetworkInterface): string | undefined {
  if (Operator?.Managed) return Operator.Principal ?? 'another service';
  return RequesterManaged ? (RequesterId ?? 'another service') : undefined;
}

/** Only from these states, Auto Scaling detaches an instance. */
const detachable = ['InService', 'Standby'];

async function readGroup(id: string, aws: Aws): Promise<string | undefined> {
  const { AutoScalingInstances = [] } = await aws.send(new DescribeAutoScalingInstancesCommand({ InstanceIds: [id] }));
  const own = AutoScalingInstances.find(({ InstanceId }) => InstanceId === id);
  return own && detachable.includes(own.LifecycleState ?? '') ? own.AutoScalingGroupName : undefined;
}

/** The lower of both: whoever raises the desired capacity gets no more instances contained. */
async function readSize(group: string, aws: Aws): Promise<number> {
  const { AutoScalingGroups = [] } = await aws.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [group] }));
  const found = AutoScalingGroups.find(({ AutoScalingGroupName }) => AutoScalingGroupName === group);
  const inService = (found?.Instances ?? []).filter(({ LifecycleState }) => LifecycleState === 'InService').length;
  return Math.min(found?.DesiredCapacity ?? 0, inService);
}

const clusterTag = /^kubernetes\.io\/cluster\/(.+)$/;

/** The tags are untrusted, and the instance itself may have set them: they only make the response ask. */
function clusterOf({ Tags = [] }: Instance): string | undefined {
  const names = Tags.flatMap(({ Key = '', Value = '' }) => (Key === 'eks:cluster-name' ? [Value] : (clusterTag.exec(Key)?.[1] ?? [])));
  const [name] = names.toSorted();
  // Amazon ECS sets it for capacity providers, and gives no name.
  if (name === undefined)
    return Tags.some(({ Key }) => Key === 'AmazonECSManaged') ? 'Amazon ECS cluster of a capacity provider' : undefined;
  return `Kubernetes cluster ${/^[\w.-]{1,100}$/.test(name) ? name : 'with a name that is not shown'}`;
}
