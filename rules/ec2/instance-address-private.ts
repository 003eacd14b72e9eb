import {
  type Address,
  AssociateAddressCommand,
  DescribeAddressesCommand,
  DescribeNetworkInterfaceAttributeCommand,
  DisassociateAddressCommand,
  EC2Client,
  type Instance,
  ModifyNetworkInterfaceAttributeCommand,
} from '@aws-sdk/client-ec2';
import { type Aws, type Change, defineRule, notFound } from '../rule';
import { describeInstance, instanceReading, isLeaving, listInstances } from './instance/describe';
import { instance } from './instance/resource';

/** An Elastic IP address, and the private address that it stands for. */
type Elastic = {
  readonly allocation: string;
  readonly association: string;
  readonly networkInterface: string;
  readonly privateAddress: string;
};

type Open = {
  /** The first network interface, where AWS gives or gave it a public address of its own accord, as it does to no other. */
  readonly automatic?: string;
  /** Those of all network interfaces, sorted. */
  readonly elastic: readonly Elastic[];
};

type State = {
  /** How the instance is reached from outside; absent where it is not. */
  readonly open?: Open;
  /** The service that runs the instance, or gave it its address. */
  readonly operator?: string;
};

const addresses = 'arn:{partition}:ec2:{region}:{account}:elastic-ip/*';
const interfaces = 'arn:{partition}:ec2:{region}:{account}:network-interface/*';

export default defineRule({
  id: 'ec2-instance-address-private',
  title: 'EC2 instances have no public IPv4 address',
  why: 'Whatever listens on an instance with a public address can be reached, and attacked, from everywhere that its security groups allow.',
  impact:
    'Nobody reaches the instance from the internet any more, and it reaches the internet only through a NAT gateway or a proxy. An Elastic IP address is kept, and billed; another public address is lost for good, and a rollback gives a new one.',
  severity: 'high',
  risk: 'disruptive',
  reversible: 'nearly',
  resource: instance,
  property: 'NetworkInterfaces.AssociatePublicIpAddress',
  detectedBy: { securityHub: ['EC2.9'], config: ['ec2-instance-no-public-ip'] },
  permissions: {
    inspect: [
      instanceReading,
      // IAM offers no resource-level permission for these.
      { actions: ['ec2:DescribeAddresses', 'ec2:DescribeNetworkInterfaceAttribute'], on: '*' },
    ],
    change: [
      { actions: ['ec2:ModifyNetworkInterfaceAttribute'], on: interfaces },
      { actions: ['ec2:DisassociateAddress'], on: [addresses, interfaces] },
      { actions: ['ec2:AssociateAddress'], on: [addresses, interfaces, 'arn:{partition}:ec2:{region}:{account}:instance/*'] },
    ],
  },
  clients: [EC2Client],
  commands: [ModifyNetworkInterfaceAttributeCommand, DisassociateAddressCommand, AssociateAddressCommand],
  settle: 60,

  async inspect({ id }, aws): Promise<State | typeof notFound> {
    const found = await describeInstance(id, aws);
    return found && !isLeaving(found) ? stateOf(found, aws) : notFound;
  },

  plan({ id }, { open, operator }) {
    if (!open) return [];
    if (operator !== undefined)
      return { unfixable: `The public address of ${id} is managed by ${operator}, and the owner of the instance can not change it.` };
    const { automatic, elastic } = open;
    // First, as an instance that loses its Elastic IP address may get another address at once.
    return [...(automatic === undefined ? [] : [refusing(automatic)]), ...elastic.map(parting)];
  },

  list: (_, aws) => listInstances(aws),
});

const assigning = (NetworkInterfaceId: string, AssociatePublicIpAddress: boolean) =>
  new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId, AssociatePublicIpAddress });

const refusing = (networkInterface: string): Change => ({
  do: assigning(networkInterface, false),
  undo: assigning(networkInterface, true),
  nearest: 'AWS gives the instance another public address than before.',
});

const parting = ({ allocation, association, networkInterface, privateAddress }: Elastic): Change => ({
  do: new DisassociateAddressCommand({ AssociationId: association }),
  // It may serve another instance by then, which keeps it.
  undo: new AssociateAddressCommand({
    AllocationId: allocation,
    NetworkInterfaceId: networkInterface,
    PrivateIpAddress: privateAddress,
    AllowReassociation: false,
  }),
  nearest: 'The instance has the same address again, by an association with another id.',
});

async function stateOf(found: Instance, aws: Aws): Promise<State> {
  const seen = publicAddressesOf(found);
  if (seen.size === 0) return {};
  const { InstanceId, NetworkInterfaces = [], Operator } = found;
  const first = NetworkInterfaces.find(
    ({ Attachment }) => Attachment?.DeviceIndex === 0 && !Attachment.NetworkCardIndex,
  )?.NetworkInterfaceId;
  if (first === undefined) throw new Error(`AWS EC2 does not say which network interface of ${InstanceId} is its first. Look again.`);
  const held = NetworkInterfaces.flatMap(({ NetworkInterfaceId }) => NetworkInterfaceId ?? []);
  const { Addresses = [] } = await aws.send(new DescribeAddressesCommand({ Filters: [{ Name: 'network-interface-id', Values: held }] }));
  const elastic = Addresses.map(elasticOf).sort((a, b) => (a.allocation < b.allocation ? -1 : 1));
  const { AssociatePublicIpAddress = false } = await aws.send(
    new DescribeNetworkInterfaceAttributeCommand({ NetworkInterfaceId: first, Attribute: 'associatePublicIpAddress' }),
  );
  const gave = [...seen].some((address) => !Addresses.some(({ PublicIp }) => PublicIp === address));
  const operator = Operator?.Managed
    ? (Operator.Principal ?? 'another service')
    : Addresses.find(({ ServiceManaged }) => ServiceManaged !== undefined)?.ServiceManaged;
  return {
    open: { ...((AssociatePublicIpAddress || gave) && { automatic: first }), elastic },
    ...(operator !== undefined && { operator }),
  };
}

/** The public IPv4 addresses of all network interfaces of an instance. */
function publicAddressesOf({ PublicIpAddress, NetworkInterfaces = [] }: Instance): ReadonlySet<string> {
  const associations = NetworkInterfaces.flatMap(({ Association, PrivateIpAddresses = [] }) => [
    Association,
    ...PrivateIpAddresses.map((one) => one.Association),
  ]);
  const addresses = [PublicIpAddress, ...associations.map((association) => association?.PublicIp)];
  return new Set(addresses.flatMap((address) => address || []));
}

const elasticOf = ({ AllocationId = '', AssociationId = '', NetworkInterfaceId = '', PrivateIpAddress = '' }: Address): Elastic => ({
  allocation: AllocationId,
  association: AssociationId,
  networkInterface: NetworkInterfaceId,
  privateAddress: PrivateIpAddress,
});
