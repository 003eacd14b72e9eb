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
import { keptTags, tagsIn, withoutExempt } from '../exempt-parts';
import { type Aws, type Change, defineRule, notFound, type PlanContext, type Resource, type Tags } from '../rule';
import { describeInstance, instanceReading, isLeaving, listInstances } from './instance/describe';
import { instance } from './instance/resource';
import { readTags } from './tags/read';

/** An associated Elastic IP address, and its private address. */
type Elastic = {
  readonly allocation: string;
  readonly association: string;
  readonly networkInterface: string;
  readonly privateAddress: string;
  readonly tags?: Tags;
};

type Open = {
  /** The primary network interface, the only one that can have an auto-assigned public address, if it has or gets one. */
  readonly automatic?: string;
  /** The Elastic IP addresses of all network interfaces, sorted. */
  readonly elastic: readonly Elastic[];
  /** The tags of network interfaces with public addresses, if they have any. */
  readonly tags?: Readonly<Record<string, Tags>>;
};

type State = {
  /** All network interfaces of the instance, sorted. */
  readonly interfaces: readonly string[];
  /** The public addresses of the instance; absent if it has none. */
  readonly open?: Open;
  /** The service that manages the instance or its address. */
  readonly operator?: string;
};

const addresses = 'arn:{partition}:ec2:{region}:{account}:elastic-ip/*';
const interfaces = 'arn:{partition}:ec2:{region}:{account}:network-interface/*';

export default defineRule({
  id: 'ec2-instance-address-private',
  title: 'EC2 instances do not have a public IPv4 address',
  why: 'Every service on an instance with a public IP address is exposed to attacks from anywhere that its security groups allow.',
  impact:
    'The instance is no longer reachable from the internet, and reaches it only through a NAT gateway or proxy. An Elastic IP address stays allocated, and charged; an auto-assigned public address is lost permanently, and a rollback assigns a new one.',
  severity: 'high',
  risk: 'disruptive',
  exposes: true,
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

  async inspect(resource, aws): Promise<State | typeof notFound> {
    const found = await describeInstance(resource.id, aws);
    return found && !isLeaving(found) ? stateOf(found, resource, aws) : notFound;
  },

  plan({ id }, { open: all, operator }, context) {
    const open = all && notExempt(all, context);
    if (!open) return [];
    if (operator !== undefined)
      return {
        unfixable: `${operator} manages the public address of ${id}, and the owner of the instance cannot change it.`,
        code: 'owned-by-service',
      };
    const { automatic, elastic } = open;
    // First, as an instance that loses its Elastic IP address may be assigned another public address.
    return [...(automatic === undefined ? [] : [refusing(automatic)]), ...elastic.map(parting)];
  },

  targets(_, { now, before }) {
    const elastic = before.open?.elastic ?? [];
    return {
      ModifyNetworkInterfaceAttribute: { NetworkInterfaceId: now.interfaces },
      DisassociateAddress: { AssociationId: (now.open?.elastic ?? []).map(({ association }) => association), PublicIp: null },
      AssociateAddress: {
        AllocationId: elastic.map(({ allocation }) => allocation),
        NetworkInterfaceId: now.interfaces,
        InstanceId: null,
        PublicIp: null,
      },
    };
  },

  isUndone({ open }, { before }) {
    if (before.open?.automatic !== open?.automatic) return false;
    return (before.open?.elastic ?? []).every((one) => open?.elastic.some((other) => isSamePlace(one, other)));
  },

  list: (_, aws) => listInstances(aws),
});

/** The addresses without those that their own tags, or those of their network interface, exempt; undefined if none is left. */
function notExempt({ automatic, elastic, tags = {} }: Open, context: Pick<PlanContext<unknown>, 'isExempt'>): Open | undefined {
  const named = [...new Set([...(automatic === undefined ? [] : [automatic]), ...elastic.map(({ networkInterface }) => networkInterface)])];
  const held = withoutExempt(
    named.map((id) => ({ id, ...keptTags(tags[id] ?? {}) })),
    ({ id }) => `the network interface ${id}`,
    context,
  ).map(({ id }) => id);
  const left = withoutExempt(
    elastic.filter(({ networkInterface }) => held.includes(networkInterface)),
    ({ allocation }) => `the Elastic IP address ${allocation}`,
    context,
  );
  const first = automatic !== undefined && held.includes(automatic) ? { automatic } : {};
  return left.length === 0 && first.automatic === undefined ? undefined : { ...first, elastic: left };
}

const assigning = (NetworkInterfaceId: string, AssociatePublicIpAddress: boolean) =>
  new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId, AssociatePublicIpAddress });

const refusing = (networkInterface: string): Change => ({
  do: assigning(networkInterface, false),
  undo: assigning(networkInterface, true),
  nearest: 'The instance gets a different public address.',
});

const parting = ({ allocation, association, networkInterface, privateAddress }: Elastic): Change => ({
  do: new DisassociateAddressCommand({ AssociationId: association }),
  // If another instance uses the address by then, it keeps it.
  undo: new AssociateAddressCommand({
    AllocationId: allocation,
    NetworkInterfaceId: networkInterface,
    PrivateIpAddress: privateAddress,
    AllowReassociation: false,
  }),
  nearest: 'The instance has the same address again, but with a new association ID.',
});

/** AWS gives each association a new ID. */
const isSamePlace = (one: Elastic, other: Elastic): boolean =>
  one.allocation === other.allocation && one.networkInterface === other.networkInterface && one.privateAddress === other.privateAddress;

async function stateOf(found: Instance, resource: Resource, aws: Aws): Promise<State> {
  const seen = publicAddressesOf(found);
  const { InstanceId, NetworkInterfaces = [], Operator } = found;
  const held = NetworkInterfaces.flatMap(({ NetworkInterfaceId }) => NetworkInterfaceId ?? []).toSorted();
  if (seen.size === 0) return { interfaces: held };
  const first = NetworkInterfaces.find(
    ({ Attachment }) => Attachment?.DeviceIndex === 0 && !Attachment.NetworkCardIndex,
  )?.NetworkInterfaceId;
  if (first === undefined) throw new Error(`Amazon EC2 returned no primary network interface for ${InstanceId}.`);
  const { Addresses = [] } = await aws.send(new DescribeAddressesCommand({ Filters: [{ Name: 'network-interface-id', Values: held }] }));
  const elastic = Addresses.map(elasticOf).sort((a, b) => (a.allocation < b.allocation ? -1 : 1));
  const { AssociatePublicIpAddress = false } = await aws.send(
    new DescribeNetworkInterfaceAttributeCommand({ NetworkInterfaceId: first, Attribute: 'associatePublicIpAddress' }),
  );
  const gave = [...seen].some((address) => !Addresses.some(({ PublicIp }) => PublicIp === address));
  const operator = Operator?.Managed
    ? (Operator.Principal ?? 'another service')
    : Addresses.find(({ ServiceManaged }) => ServiceManaged !== undefined)?.ServiceManaged;
  const automatic = AssociatePublicIpAddress || gave ? { automatic: first } : {};
  const tags: Record<string, Tags> = {};
  for (const id of new Set([...Object.values(automatic), ...elastic.map(({ networkInterface }) => networkInterface)])) {
    const own = await readTags({ ...resource, id }, aws);
    if (Object.keys(own).length > 0) tags[id] = own;
  }
  return {
    interfaces: held,
    open: { ...automatic, elastic, ...(Object.keys(tags).length > 0 && { tags }) },
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

const elasticOf = ({
  AllocationId = '',
  AssociationId = '',
  NetworkInterfaceId = '',
  PrivateIpAddress = '',
  Tags = [],
}: Address): Elastic => ({
  allocation: AllocationId,
  association: AssociationId,
  networkInterface: NetworkInterfaceId,
  privateAddress: PrivateIpAddress,
  ...keptTags(tagsIn(Tags)),
});
