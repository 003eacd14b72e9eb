import {
  AllocateAddressCommand,
  AssociateAddressCommand,
  AttachNetworkInterfaceCommand,
  CreateNetworkInterfaceCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeAddressesCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfaceAttributeCommand,
  EC2Client,
  type Instance,
  type InstanceNetworkInterface,
  ModifyNetworkInterfaceAttributeCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { callOf } from '../../../functions/aws/call';
import { isChanges, loggedChange } from '../../../functions/plan/change';
import rule from '../../../rules/ec2/instance-address-private';
import { type Aws, type AwsCommand, notFound, type Plan } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import { standIn } from '../../contract/stand-in';

/** Network interfaces that AWS gives an address by itself, or no longer: moto does not take it away again. */
const automatic = new Map<string, boolean>();

standIn(EC2Client, async (command, send) => {
  if (command instanceof DescribeNetworkInterfaceAttributeCommand)
    return { AssociatePublicIpAddress: automatic.get(command.input.NetworkInterfaceId ?? '') ?? false };
  if (command instanceof ModifyNetworkInterfaceAttributeCommand) {
    automatic.set(command.input.NetworkInterfaceId ?? '', command.input.AssociatePublicIpAddress ?? false);
    return {};
  }
  const given = await send(command);
  if (command instanceof DescribeInstancesCommand) for (const instance of instancesIn(given)) shut(instance);
  return given;
});

const instancesIn = (answer: object): readonly Instance[] =>
  (answer as { Reservations?: { Instances?: Instance[] }[] }).Reservations?.flatMap(({ Instances = [] }) => Instances) ?? [];

function shut(instance: Instance): void {
  const [first] = instance.NetworkInterfaces ?? [];
  if (automatic.get(first?.NetworkInterfaceId ?? '') === false && !elastic.has(instance.PublicIpAddress ?? ''))
    Object.assign(instance, { PublicIpAddress: undefined, NetworkInterfaces: instance.NetworkInterfaces?.map(withoutAssociation) });
}

const withoutAssociation = ({ Association, PrivateIpAddresses = [], ...networkInterface }: InstanceNetworkInterface) => ({
  ...networkInterface,
  PrivateIpAddresses: PrivateIpAddresses.map(({ Association, ...address }) => address),
});

const elastic = new Set<string>();

describeRule(rule, {
  violations: {
    'an instance with an Elastic IP address': {
      seed: (world) => instanceWith(world, { address: 'elastic' }),
      async fixed(world, id) {
        expect((await instanceOf(world, id)).PublicIpAddress).toBeUndefined();
        expect(await addressesOf(world)).toMatchObject([{ PublicIp: expect.any(String) }]);
      },
      async rolledBack(world, id) {
        const [address] = await addressesOf(world);
        expect(address).toMatchObject({ AssociationId: expect.any(String) });
        expect((await instanceOf(world, id)).PublicIpAddress).toBe(address?.PublicIp);
      },
    },
    'an instance with an Elastic IP address of its second network interface too': {
      async seed(world) {
        const id = await instanceWith(world, { address: 'elastic' });
        await secondInterface(world, id);
        return id;
      },
      async fixed(world) {
        const addresses = await addressesOf(world);
        expect(addresses.map(({ AssociationId }) => AssociationId)).toEqual([undefined, undefined]);
      },
      async rolledBack(world) {
        const addresses = await addressesOf(world);
        expect(addresses.map(({ AssociationId }) => AssociationId)).toEqual([expect.any(String), expect.any(String)]);
      },
    },
    'an instance with an address that AWS gave it': {
      seed: (world) => instanceWith(world, { address: 'automatic' }),
      fixed: async (world, id) => expect((await instanceOf(world, id)).PublicIpAddress).toBeUndefined(),
      rolledBack: async (world, id) => expect((await instanceOf(world, id)).PublicIpAddress).toBeDefined(),
    },
  },
  compliant: {
    'an instance without a public address': { seed: (world) => instanceWith(world, { address: 'none' }) },
  },
  obstacles: {
    'an instance that is terminated': {
      seed: async (world) => {
        const id = await instanceWith(world, { address: 'automatic' });
        await world.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
        return id;
      },
      outcome: 'resource-not-found',
    },
  },
  unexercised: {
    'ec2:AssociateAddress on arn:{partition}:ec2:{region}:{account}:instance/*':
      'The input names the network interface; AWS may also ask for the instance that it belongs to.',
  },
  missing: 'i-0123456789abcdef0',
});

async function instanceWith(world: World, { address }: { readonly address: 'elastic' | 'automatic' | 'none' }): Promise<string> {
  const { Vpc } = await world.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const { Subnet } = await world.send(new CreateSubnetCommand({ VpcId: Vpc?.VpcId, CidrBlock: '10.0.1.0/24' }));
  const { Instances = [] } = await world.send(
    new RunInstancesCommand({
      ImageId: 'ami-12c6146b',
      InstanceType: 't3.micro',
      MinCount: 1,
      MaxCount: 1,
      NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: Subnet?.SubnetId, AssociatePublicIpAddress: address === 'automatic' }],
    }),
  );
  const [{ InstanceId = '', NetworkInterfaces = [] } = {}] = Instances;
  automatic.set(NetworkInterfaces[0]?.NetworkInterfaceId ?? '', address === 'automatic');
  if (address === 'elastic') {
    const { AllocationId, PublicIp = '' } = await world.send(new AllocateAddressCommand({ Domain: 'vpc' }));
    elastic.add(PublicIp);
    await world.send(new AssociateAddressCommand({ AllocationId, InstanceId }));
  }
  return InstanceId;
}

/** Gives the instance a second network interface, with an Elastic IP address. */
async function secondInterface(world: World, InstanceId: string): Promise<void> {
  const { SubnetId } = await instanceOf(world, InstanceId);
  const { NetworkInterface } = await world.send(new CreateNetworkInterfaceCommand({ SubnetId }));
  const NetworkInterfaceId = NetworkInterface?.NetworkInterfaceId ?? '';
  await world.send(new AttachNetworkInterfaceCommand({ InstanceId, NetworkInterfaceId, DeviceIndex: 1 }));
  const { AllocationId, PublicIp = '' } = await world.send(new AllocateAddressCommand({ Domain: 'vpc' }));
  elastic.add(PublicIp);
  await world.send(new AssociateAddressCommand({ AllocationId, NetworkInterfaceId }));
}

async function instanceOf(world: World, id: string): Promise<Instance> {
  return instancesIn(await world.send(new DescribeInstancesCommand({ InstanceIds: [id] })))[0] ?? {};
}

async function addressesOf(world: World) {
  return (await world.send(new DescribeAddressesCommand({}))).Addresses ?? [];
}

const id = 'i-0a';
const resource = {
  type: 'AWS::EC2::Instance',
  id,
  arn: `arn:aws:ec2:eu-west-1:123456789012:instance/${id}`,
  partition: 'aws',
  account: '123456789012',
  region: 'eu-west-1',
};
const own = {
  AllocationId: 'eipalloc-0a',
  AssociationId: 'eipassoc-0a',
  NetworkInterfaceId: 'eni-0c',
  PrivateIpAddress: '10.0.0.5',
  PublicIp: '203.0.113.7',
};

/** What is planned for an instance of two network interfaces, the second of which has the address. */
async function planFor({
  instance = {},
  addresses = [],
  attribute,
}: {
  readonly instance?: object;
  readonly addresses?: readonly object[];
  readonly attribute: boolean;
}): Promise<Plan> {
  const found = {
    InstanceId: id,
    NetworkInterfaces: [
      { NetworkInterfaceId: 'eni-0b', Attachment: { DeviceIndex: 0, NetworkCardIndex: 1 } },
      {
        NetworkInterfaceId: 'eni-0c',
        Attachment: { DeviceIndex: 1 },
        PrivateIpAddresses: [{}, { Association: { PublicIp: own.PublicIp } }],
      },
      { NetworkInterfaceId: 'eni-0a', Attachment: { DeviceIndex: 0, NetworkCardIndex: 0 } },
    ],
    ...instance,
  };
  const send = async (command: AwsCommand) => {
    const { operation, input } = callOf(command);
    if (operation === 'DescribeInstances') return { Reservations: [{ Instances: [found] }] };
    if (operation === 'DescribeTags') return { Tags: [] };
    if (operation === 'DescribeNetworkInterfaceAttribute') return { AssociatePublicIpAddress: attribute };
    expect(input).toEqual({ Filters: [{ Name: 'network-interface-id', Values: ['eni-0a', 'eni-0b', 'eni-0c'] }] });
    return { Addresses: addresses };
  };
  const state = await rule.inspect(resource, { send } as unknown as Aws);
  if (state === notFound) throw new Error('It is gone.');
  return rule.plan(resource, state, { parameters: {}, detectedBy: 'EC2.9', now: new Date(0) });
}

describe('the plan', () => {
  const calls = (plan: Plan) => {
    if (!isChanges(plan)) throw new Error(JSON.stringify(plan));
    return plan.map(loggedChange);
  };
  const refusing = {
    do: { operation: 'ModifyNetworkInterfaceAttribute', input: { NetworkInterfaceId: 'eni-0a', AssociatePublicIpAddress: false } },
    undo: { input: { NetworkInterfaceId: 'eni-0a', AssociatePublicIpAddress: true } },
  };
  const parting = {
    do: { operation: 'DisassociateAddress', input: { AssociationId: 'eipassoc-0a' } },
    undo: {
      operation: 'AssociateAddress',
      input: {
        AllocationId: 'eipalloc-0a',
        NetworkInterfaceId: 'eni-0c',
        PrivateIpAddress: '10.0.0.5',
        AllowReassociation: false,
      },
    },
  };
  const other = { ...own, PublicIp: '203.0.113.9', AllocationId: 'eipalloc-0b', AssociationId: 'eipassoc-0b' };

  it('sees to it first that an instance that loses its Elastic IP address gets no other', async () => {
    expect(calls(await planFor({ addresses: [own], attribute: true }))).toMatchObject([refusing, parting]);
  });

  it('takes an Elastic IP address alone where AWS gives no other', async () => {
    expect(calls(await planFor({ addresses: [own], attribute: false }))).toMatchObject([parting]);
  });

  it('takes all Elastic IP addresses, of whichever network interface', async () => {
    const instance = { PublicIpAddress: other.PublicIp };
    expect(calls(await planFor({ instance, addresses: [other, own], attribute: false }))).toMatchObject([
      parting,
      { do: { input: { AssociationId: 'eipassoc-0b' } } },
    ]);
  });

  it('refuses an address that is not elastic, whatever AWS says that it would give', async () => {
    expect(calls(await planFor({ attribute: true }))).toMatchObject([refusing]);
    expect(calls(await planFor({ attribute: false }))).toMatchObject([refusing]);
    expect(calls(await planFor({ instance: { PublicIpAddress: '203.0.113.8' }, addresses: [own], attribute: false }))).toMatchObject([
      refusing,
      parting,
    ]);
  });

  it('is none where a service runs the instance, or gave it its address', async () => {
    const instance = { Operator: { Managed: true, Principal: 'eks.amazonaws.com' } };
    expect(await planFor({ instance, attribute: true })).toEqual({
      unfixable: expect.stringContaining('eks.amazonaws.com manages'),
      code: 'owned-by-service',
    });
    const addresses = [other, { ...own, ServiceManaged: 'rnat' }];
    expect(await planFor({ addresses, attribute: true })).toEqual({
      unfixable: expect.stringContaining('rnat manages'),
      code: 'owned-by-service',
    });
  });

  it('is empty where an address stays in the VPC, or in the network of a carrier or a customer', async () => {
    const Association = { CarrierIp: '203.0.113.7', CustomerOwnedIp: '198.51.100.7', PublicIp: '' };
    const NetworkInterfaces = [{ NetworkInterfaceId: 'eni-0a', Association, PrivateIpAddresses: [{ Association }] }];
    expect(await planFor({ instance: { NetworkInterfaces }, attribute: true })).toEqual([]);
  });

  it('is not guessed where AWS does not say which network interface is the first', async () => {
    const instance = { PublicIpAddress: own.PublicIp, NetworkInterfaces: [{ NetworkInterfaceId: 'eni-0a' }] };
    await expect(planFor({ instance, attribute: true })).rejects.toThrow('no primary network interface');
  });
});
