import {
  AllocateAddressCommand,
  AssociateAddressCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeAddressesCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfaceAttributeCommand,
  EC2Client,
  type Instance,
  ModifyNetworkInterfaceAttributeCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { callOf } from '../../../functions/aws/call';
import { isChanges, loggedChange } from '../../../functions/plan/change';
import rule from '../../../rules/ec2/instance-address-private';
import { type Aws, type AwsCommand, gone, type Plan } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';

/** Network interfaces that AWS gives an address by itself, or no longer: moto does not take it away again. */
const automatic = new Map<string, boolean>();

beforeAll(() => {
  const send = EC2Client.prototype.send as unknown as (this: EC2Client, command: AwsCommand) => Promise<object>;
  const answer = async function (this: EC2Client, command: AwsCommand): Promise<object> {
    if (command instanceof DescribeNetworkInterfaceAttributeCommand)
      return { AssociatePublicIpAddress: automatic.get(command.input.NetworkInterfaceId ?? '') ?? false };
    if (command instanceof ModifyNetworkInterfaceAttributeCommand) {
      automatic.set(command.input.NetworkInterfaceId ?? '', command.input.AssociatePublicIpAddress ?? false);
      return {};
    }
    const given = await send.call(this, command);
    if (command instanceof DescribeInstancesCommand) for (const instance of instancesIn(given)) shut(instance);
    return given;
  };
  jest.spyOn(EC2Client.prototype, 'send').mockImplementation(answer as never);
});
afterAll(() => jest.restoreAllMocks());

const instancesIn = (answer: object): readonly Instance[] =>
  (answer as { Reservations?: { Instances?: Instance[] }[] }).Reservations?.flatMap(({ Instances = [] }) => Instances) ?? [];

function shut(instance: Instance): void {
  const [first] = instance.NetworkInterfaces ?? [];
  if (automatic.get(first?.NetworkInterfaceId ?? '') === false && !elastic.has(instance.PublicIpAddress ?? ''))
    Object.assign(instance, { PublicIpAddress: undefined });
}

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
      outcome: 'resource-gone',
    },
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
const own = { AllocationId: 'eipalloc-0a', AssociationId: 'eipassoc-0a', PrivateIpAddress: '10.0.0.5', PublicIp: '203.0.113.7' };

/** What is planned for an instance of two network interfaces, the second of which has the address. */
async function planFor({ instance = {}, address, attribute }: { instance?: object; address?: object; attribute: boolean }): Promise<Plan> {
  const answers: Readonly<Record<string, object>> = {
    DescribeInstances: {
      Reservations: [
        {
          Instances: [
            {
              InstanceId: id,
              PublicIpAddress: own.PublicIp,
              NetworkInterfaces: [
                { NetworkInterfaceId: 'eni-0a', Association: { PublicIp: '203.0.113.8' } },
                { NetworkInterfaceId: 'eni-0b', PrivateIpAddresses: [{}, { Association: { PublicIp: own.PublicIp } }] },
              ],
              ...instance,
            },
          ],
        },
      ],
    },
    DescribeAddresses: { Addresses: address ? [address] : [] },
    DescribeNetworkInterfaceAttribute: { AssociatePublicIpAddress: attribute },
  };
  const send = async (command: AwsCommand) => answers[callOf(command).operation];
  const state = await rule.inspect(resource, { send } as unknown as Aws);
  if (state === gone) throw new Error('It is gone.');
  return rule.plan(resource, state, { parameters: {}, detectedBy: 'EC2.9', now: new Date(0) });
}

describe('the plan', () => {
  const calls = (plan: Plan) => {
    if (!isChanges(plan)) throw new Error(JSON.stringify(plan));
    return plan.map(loggedChange);
  };
  const refusing = {
    do: { operation: 'ModifyNetworkInterfaceAttribute', input: { NetworkInterfaceId: 'eni-0b', AssociatePublicIpAddress: false } },
    undo: { input: { NetworkInterfaceId: 'eni-0b', AssociatePublicIpAddress: true } },
  };
  const parting = {
    do: { operation: 'DisassociateAddress', input: { AssociationId: 'eipassoc-0a' } },
    undo: {
      operation: 'AssociateAddress',
      input: {
        AllocationId: 'eipalloc-0a',
        NetworkInterfaceId: 'eni-0b',
        PrivateIpAddress: '10.0.0.5',
        AllowReassociation: false,
      },
    },
  };

  it('sees to it first that an instance that loses its Elastic IP address gets no other', async () => {
    expect(calls(await planFor({ address: own, attribute: true }))).toMatchObject([refusing, parting]);
  });

  it('takes an Elastic IP address alone where AWS gives no other', async () => {
    expect(calls(await planFor({ address: own, attribute: false }))).toMatchObject([parting]);
  });

  it('refuses an address that is not elastic, whatever AWS says that it would give', async () => {
    expect(calls(await planFor({ attribute: true }))).toMatchObject([refusing]);
    expect(calls(await planFor({ attribute: false }))).toMatchObject([refusing]);
  });

  it('is none where a service runs the instance, or gave it its address', async () => {
    const instance = { Operator: { Managed: true, Principal: 'eks.amazonaws.com' } };
    expect(await planFor({ instance, attribute: true })).toEqual({ unfixable: expect.stringContaining('managed by eks.amazonaws.com') });
    const address = { ...own, ServiceManaged: 'rnat' };
    expect(await planFor({ address, attribute: true })).toEqual({ unfixable: expect.stringContaining('managed by rnat') });
  });

  it('is not guessed where AWS does not say which network interface has the address', async () => {
    await expect(planFor({ instance: { NetworkInterfaces: [] }, attribute: true })).rejects.toThrow('203.0.113.7');
  });
});
