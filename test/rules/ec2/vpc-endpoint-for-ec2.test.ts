import {
  AssociateRouteTableCommand,
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  CreateVpcEndpointCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  EC2Client,
  type Tag,
} from '@aws-sdk/client-ec2';
import { callOf } from '../../../functions/aws/call';
import { isChanges } from '../../../functions/plan/change';
import { chooseSubnets, type EndpointSubnet } from '../../../rules/ec2/vpc/endpoint-subnets';
import { vpc } from '../../../rules/ec2/vpc/resource';
import rule from '../../../rules/ec2/vpc-endpoint-for-ec2';
import { type Aws, type AwsCommand, notFound } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import * as fc from '../../fast-check';

/** The subnets that the policy names; a seed makes them. */
const subnetIds = ['subnet-00000000000000000'];

describeRule(rule, {
  violations: {
    'a VPC without endpoints': {
      seed: vpcWith(['a', 'a', 'b', 'c']),
      async fixed(world, id) {
        expect(await endpointsOf(world, id)).toMatchObject([
          {
            VpcEndpointType: 'Interface',
            ServiceName: 'com.amazonaws.eu-west-1.ec2',
            SubnetIds: [expect.any(String), expect.any(String)],
            PrivateDnsEnabled: false,
            Tags: [{ Key: 'posture:rule', Value: rule.id }],
            Groups: [{ GroupId: await ownGroupOf(world, id) }],
          },
        ]);
      },
      rolledBack: async (world, id) => expect(await endpointsOf(world, id)).toEqual([]),
    },
    'a VPC with a public subnet and two private ones of different sizes in a zone': {
      seed: async (world) => {
        const id = await vpcWith(['a', 'a'])(world);
        await subnetIn(world, id, 'a', '10.0.16.0/20');
        await subnetIn(world, id, 'a', '10.0.32.0/19', true);
        return id;
      },
      parameters: { availabilityZones: 1 },
      fixed: async (world, id) => expect(await rangesOf(world, id)).toEqual(['10.0.16.0/20']),
      rolledBack: async (world, id) => expect(await endpointsOf(world, id)).toEqual([]),
    },
    'a VPC with subnets that are alike, of which the policy names one': {
      seed: async (world) => {
        const id = await vpcWith(['a', 'a', 'b'])(world);
        subnetIds.splice(0, 1, await subnetIn(world, id, 'a', '10.0.9.0/24'));
        return id;
      },
      parameters: { subnetIds },
      fixed: async (world, id) => expect(await rangesOf(world, id)).toEqual(['10.0.9.0/24']),
      rolledBack: async (world, id) => expect(await endpointsOf(world, id)).toEqual([]),
    },
    'a VPC with the security group of an earlier endpoint': {
      seed: async (world) => {
        const id = await vpcWith(['a'])(world);
        await group(world, id, 'posture-ec2-vpc-endpoint-for-ec2', [{ Key: 'posture:rule', Value: rule.id }]);
        return id;
      },
      fixed: async (world, id) =>
        expect(await endpointsOf(world, id)).toMatchObject([{ Groups: [{ GroupId: await ownGroupOf(world, id) }] }]),
    },
    'a VPC with an endpoint for another service': {
      seed: async (world) => {
        const id = await vpcWith(['a'])(world);
        await endpoint(world, id, 'com.amazonaws.eu-west-1.s3', 'Gateway');
        return id;
      },
      parameters: { availabilityZones: 1 },
      found: { serviceNames: 'ec2' },
      rolledBack: async (world, id) => expect(await endpointsOf(world, id)).toMatchObject([{ ServiceName: 'com.amazonaws.eu-west-1.s3' }]),
    },
    'a VPC to which somebody gives another endpoint before the rollback': {
      seed: vpcWith(['a']),
      meanwhile: (world, id) => endpoint(world, id, 'com.amazonaws.eu-west-1.ec2', 'Interface'),
      rolledBack: async (world, id) => expect(await endpointsOf(world, id)).toMatchObject([{ Tags: [] }]),
    },
  },
  compliant: {
    'a VPC with an endpoint for EC2': {
      seed: async (world) => {
        const id = await vpcWith(['a'])(world);
        await endpoint(world, id, 'com.amazonaws.eu-west-1.ec2', 'Interface');
        return id;
      },
    },
  },
  obstacles: {
    'a VPC with a security group of the same name that others have made': {
      seed: async (world) => {
        const id = await vpcWith(['a'])(world);
        await group(world, id, 'posture-ec2-vpc-endpoint-for-ec2');
        return id;
      },
      outcome: 'unfixable',
      reason: /this rule did not create it/,
    },
    'a VPC with subnets that are alike': {
      seed: vpcWith(['a', 'a', 'b']),
      outcome: 'unfixable',
      reason: /Several subnets of eu-west-1a are of the same size .*\(subnet-[0-9a-f]+, subnet-[0-9a-f]+\).*Set subnetIds/,
    },
    'a subnet of another VPC, named by the policy': {
      seed: vpcWith(['a']),
      parameters: { subnetIds: ['subnet-0123456789abcdef0'] },
      outcome: 'unfixable',
      reason: /subnetIds contains subnet-0123456789abcdef0/,
    },
    'a VPC without subnets': { seed: vpcWith([]), outcome: 'unfixable', reason: /no subnet in an Availability Zone/ },
  },
  missing: 'vpc-0123456789abcdef0',
});

async function group(world: World, VpcId: string, GroupName: string, Tags: Tag[] = []): Promise<string> {
  const TagSpecifications = Tags.length > 0 ? [{ ResourceType: 'security-group' as const, Tags }] : [];
  const { GroupId = '' } = await world.send(new CreateSecurityGroupCommand({ GroupName, Description: 'Theirs', VpcId, TagSpecifications }));
  return GroupId;
}

/** The security group that the rule has made, which lets nothing in. */
async function ownGroupOf(world: World, id: string): Promise<string | undefined> {
  const Filters = [
    { Name: 'vpc-id', Values: [id] },
    { Name: 'tag:posture:rule', Values: [rule.id] },
  ];
  const { SecurityGroups: [found] = [] } = await world.send(new DescribeSecurityGroupsCommand({ Filters }));
  expect(found?.IpPermissions).toEqual([]);
  return found?.GroupId;
}

function vpcWith(zones: readonly string[]) {
  return async (world: World): Promise<string> => {
    const { Vpc } = await world.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
    const VpcId = Vpc?.VpcId ?? '';
    for (const [index, zone] of zones.entries())
      await world.send(new CreateSubnetCommand({ VpcId, CidrBlock: `10.0.${index}.0/24`, AvailabilityZone: `${world.region}${zone}` }));
    return VpcId;
  };
}

/** Makes a subnet; a public one has a route to an internet gateway. */
async function subnetIn(world: World, VpcId: string, zone: string, CidrBlock: string, isPublic = false): Promise<string> {
  const { Subnet } = await world.send(new CreateSubnetCommand({ VpcId, CidrBlock, AvailabilityZone: `${world.region}${zone}` }));
  const SubnetId = Subnet?.SubnetId ?? '';
  if (!isPublic) return SubnetId;
  const { InternetGateway } = await world.send(new CreateInternetGatewayCommand({}));
  const GatewayId = InternetGateway?.InternetGatewayId;
  await world.send(new AttachInternetGatewayCommand({ InternetGatewayId: GatewayId, VpcId }));
  const { RouteTable } = await world.send(new CreateRouteTableCommand({ VpcId }));
  const RouteTableId = RouteTable?.RouteTableId;
  await world.send(new CreateRouteCommand({ RouteTableId, DestinationCidrBlock: '0.0.0.0/0', GatewayId }));
  await world.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId }));
  return SubnetId;
}

/** The ranges of the subnets of the endpoint. */
async function rangesOf(world: World, id: string): Promise<readonly string[]> {
  const SubnetIds = (await endpointsOf(world, id)).flatMap((one) => one.SubnetIds ?? []);
  const { Subnets = [] } = await world.send(new DescribeSubnetsCommand({ SubnetIds }));
  return Subnets.flatMap(({ CidrBlock }) => CidrBlock ?? []).sort();
}

async function endpoint(world: World, VpcId: string, ServiceName: string, VpcEndpointType: 'Gateway' | 'Interface'): Promise<void> {
  await world.send(new CreateVpcEndpointCommand({ VpcId, ServiceName, VpcEndpointType }));
}

async function endpointsOf(world: World, id: string) {
  const { VpcEndpoints = [] } = await world.send(new DescribeVpcEndpointsCommand({ Filters: [{ Name: 'vpc-id', Values: [id] }] }));
  return VpcEndpoints.filter(({ State }) => !/^delet/i.test(State ?? ''));
}

const id = 'vpc-0a';
const resource = {
  type: vpc.type,
  id,
  arn: `arn:aws:ec2:eu-west-1:123456789012:vpc/${id}`,
  partition: 'aws',
  account: '123456789012',
  region: 'eu-west-1',
};
const context = {
  parameters: { availabilityZones: 2, securityGroupIds: ['sg-0123456789abcdef0'] },
  detectedBy: 'EC2.10',
  now: new Date(0),
};

const subnet = (name: string, zone: string, over: Partial<EndpointSubnet> = {}): EndpointSubnet => ({
  id: `subnet-${name}`,
  zone: `eu-west-1${zone}`,
  prefix: 24,
  public: false,
  ...over,
});

describe('the plan', () => {
  const bare = {
    owner: resource.account,
    endpoints: [],
    subnets: ['a', 'b', 'c'].map((zone) => subnet(`0${zone}`, zone)),
    group: 'own' as const,
  };
  const made = (status: string) => ({ ...bare, endpoints: [{ id: 'vpce-0a', status, own: true }] });

  it('names the service as the partition does', () => {
    const plan = rule.plan({ ...resource, partition: 'aws-cn', region: 'cn-north-1' }, bare, context);
    expect(isChanges(plan) && plan).toMatchObject([{ do: { input: { ServiceName: 'cn.com.amazonaws.cn-north-1.ec2' } } }]);
  });

  it('takes the security groups of the parameter, and then makes none', () => {
    const plan = rule.plan(resource, { ...bare, group: 'absent' }, context);
    expect(isChanges(plan) && plan).toMatchObject([{ do: { input: { SecurityGroupIds: ['sg-0123456789abcdef0'] } } }]);
  });

  it('waits while an endpoint is being made, and makes none beside one that is not available', () => {
    expect(rule.plan(resource, made('pending'), context)).toEqual({ blocked: expect.stringContaining('vpce-0a'), code: 'being-modified' });
    expect(rule.plan(resource, made('failed'), context)).toEqual({
      unfixable: expect.stringContaining('vpce-0a, is failed'),
      code: 'endpoint-not-available',
    });
    expect(rule.plan(resource, made('available'), context)).toEqual([]);
  });

  it('is none for a VPC of another account', () => {
    expect(rule.plan(resource, { ...bare, owner: '999999999999' }, context)).toEqual({
      unfixable: expect.stringContaining('belongs to account 999999999999'),
      code: 'owned-by-other-account',
    });
  });
});

describe('the subnets of a new endpoint', () => {
  const zones = fc.constantFrom('a', 'b', 'c');
  const some = fc
    .array(fc.record({ zone: zones, prefix: fc.integer({ min: 18, max: 20 }), public: fc.boolean() }), { minLength: 1, maxLength: 7 })
    .map((all) => all.map(({ zone, ...over }, index) => subnet(`0${index}`, zone, over)));
  const chosen = (subnets: readonly EndpointSubnet[], availabilityZones: number) => {
    const found = chooseSubnets(subnets, { availabilityZones });
    return 'ids' in found ? found.ids : undefined;
  };
  const isBetter = (one: EndpointSubnet, other: EndpointSubnet) => (one.public === other.public ? one.prefix < other.prefix : !one.public);

  it('do not depend on their IDs or order', () => {
    fc.assert(
      fc.property(some, fc.integer({ min: 1, max: 3 }), fc.infiniteStream(fc.nat()), (subnets, count, picks) => {
        const names = subnets.map(({ id: one }) => one);
        const shuffled = subnets
          .map((one) => ({ one, pick: picks.next().value ?? 0 }))
          .sort((a, b) => a.pick - b.pick)
          .map(({ one }, index) => ({ ...one, id: `${names[index]}`, was: one.id }));
        const back = (ids: readonly string[] | undefined) => ids?.map((one) => shuffled.find((other) => other.id === one)?.was);
        expect(back(chosen(shuffled, count))).toEqual(chosen(subnets, count));
      }),
    );
  });

  it('are the best of their zones alone, one of each, and none where too many are alike', () => {
    fc.assert(
      fc.property(some, fc.integer({ min: 1, max: 3 }), (subnets, count) => {
        const rivals = (one: EndpointSubnet) => subnets.filter((other) => other.zone === one.zone && !isBetter(one, other));
        const best = subnets.filter((one) => rivals(one).length === 1);
        const all = new Set(subnets.map(({ zone }) => zone)).size;
        const ids = chosen(subnets, count);
        expect(ids === undefined).toBe(best.length < Math.min(count, all));
        for (const one of ids ?? []) expect(best.map((other) => other.id)).toContain(one);
        expect(new Set(subnets.filter((one) => ids?.includes(one.id)).map(({ zone }) => zone)).size).toBe(ids?.length ?? 0);
      }),
    );
  });

  it('are stated with the reason in the plan, unless there are no others', () => {
    const both = [subnet('0a', 'a'), subnet('0b', 'a', { public: true, prefix: 16 })];
    expect(chooseSubnets(both, { availabilityZones: 2 })).toEqual({
      ids: ['subnet-0a'],
      note: expect.stringMatching(/^The endpoint is in subnet-0a: .* the largest subnet without a route to an internet gateway/),
    });
    expect(chooseSubnets(both.slice(0, 1), { availabilityZones: 2 })).toEqual({ ids: ['subnet-0a'] });
    const state = { owner: resource.account, endpoints: [], subnets: both, group: 'own' as const };
    const plan = rule.plan(resource, state, context);
    expect(isChanges(plan) && plan[0]?.note).toContain('subnet-0a');
  });

  it('are those of the parameter, if they are in zones of their own', () => {
    const all = [subnet('0a', 'a'), subnet('0b', 'a'), subnet('0c', 'b')];
    expect(chooseSubnets(all, { availabilityZones: 1, subnetIds: ['subnet-0c', 'subnet-0b'] })).toEqual({
      ids: ['subnet-0c', 'subnet-0b'],
    });
    expect(chooseSubnets(all, { availabilityZones: 1, subnetIds: ['subnet-0a', 'subnet-0b'] })).toHaveProperty('code', 'several-subnets');
  });
});

describe('what is read', () => {
  const pages: Readonly<Record<string, readonly object[]>> = {
    DescribeVpcs: [{ Vpcs: [{ VpcId: id, OwnerId: resource.account }] }, { Vpcs: [{ VpcId: 'vpc-0b', OwnerId: '999999999999' }] }],
    DescribeVpcEndpointServices: [{ ServiceDetails: [{ AvailabilityZones: ['eu-west-1a', 'eu-west-1b'] }] }],
    DescribeVpcEndpoints: [
      { VpcEndpoints: [{ VpcEndpointId: 'vpce-0b', VpcEndpointType: 'Interface', State: 'deleting' }] },
      { VpcEndpoints: [{ VpcEndpointId: 'vpce-0c', VpcEndpointType: 'Gateway', State: 'available' }] },
    ],
    DescribeRouteTables: [
      {
        RouteTables: [
          { VpcId: id, Associations: [{ Main: true }], Routes: [{ NatGatewayId: 'nat-1', DestinationCidrBlock: '0.0.0.0/0' }] },
        ],
      },
      {
        RouteTables: [
          { VpcId: id, Associations: [{ SubnetId: 'subnet-0d' }], Routes: [{ GatewayId: 'igw-1', DestinationCidrBlock: '0.0.0.0/0' }] },
        ],
      },
    ],
    DescribeSubnets: [
      {
        Subnets: [
          { SubnetId: 'subnet-0d', AvailabilityZone: 'eu-west-1b', CidrBlock: '10.0.0.0/24' },
          { SubnetId: 'subnet-0c', AvailabilityZone: 'eu-west-1c', CidrBlock: '10.0.1.0/24' },
        ],
      },
      {
        Subnets: [
          { SubnetId: 'subnet-0b', AvailabilityZone: 'eu-west-1a', CidrBlock: '10.0.16.0/20' },
          { SubnetId: 'subnet-0a', AvailabilityZone: 'eu-west-1a', Ipv6Native: true },
        ],
      },
    ],
  };
  const answering = (over: typeof pages = {}): Aws => {
    const send = async (command: AwsCommand) => {
      const { operation, input } = callOf(command);
      const all = { ...pages, ...over }[operation] ?? [];
      const at = Number((input as { NextToken?: string }).NextToken ?? 0);
      return { ...all[at], ...(at + 1 < all.length && { NextToken: String(at + 1) }) };
    };
    return { send } as unknown as Aws;
  };

  it('is each subnet in a zone that has endpoints of EC2, from all pages', async () => {
    expect(await rule.inspect(resource, answering())).toEqual({
      owner: resource.account,
      endpoints: [],
      subnets: [subnet('0b', 'a', { prefix: 20 }), subnet('0d', 'b', { public: true })],
      group: 'absent',
    });
    expect(await rule.list?.(resource, answering())).toEqual([id]);
  });

  it('is no subnet where there is an endpoint', async () => {
    const VpcEndpoints = ['b', 'a'].map((name) => ({ VpcEndpointId: `vpce-0${name}`, VpcEndpointType: 'Interface', State: 'Available' }));
    const state = await rule.inspect(resource, answering({ DescribeVpcEndpoints: [{ VpcEndpoints }] }));
    if (state === notFound) throw new Error('It is gone.');
    expect(state).toMatchObject({ endpoints: [{ id: 'vpce-0a', status: 'available', own: false }, { id: 'vpce-0b' }], subnets: [] });
  });
});

it('makes one endpoint where the answer of AWS is lost, and another where it is told to again', async () => {
  const tokens: (string | null)[] = [];
  const handle = async ({ body }: { body: string }) => {
    tokens.push(new URLSearchParams(body).get('ClientToken'));
    throw Object.assign(new Error('The connection was reset.'), { code: 'ECONNRESET' });
  };
  const client = new EC2Client({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    maxAttempts: 2,
    requestHandler: { handle } as never,
  });
  const plan = rule.plan(resource, { owner: resource.account, endpoints: [], subnets: [subnet('0a', 'a')], group: 'absent' }, context);
  const [making] = isChanges(plan) ? plan : [];
  for (let time = 0; time < 2; time += 1) await expect(client.send(making?.do as never)).rejects.toThrow('reset');
  expect(tokens).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), tokens[0], expect.any(String), tokens[2]]);
  expect(tokens[2]).not.toBe(tokens[0]);
});
