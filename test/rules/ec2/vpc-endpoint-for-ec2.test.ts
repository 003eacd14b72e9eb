import {
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  CreateVpcEndpointCommand,
  DescribeSecurityGroupsCommand,
  DescribeVpcEndpointsCommand,
  EC2Client,
  type Tag,
} from '@aws-sdk/client-ec2';
import { callOf } from '../../../functions/aws/call';
import { isChanges } from '../../../functions/plan/change';
import { vpc } from '../../../rules/ec2/vpc/resource';
import rule from '../../../rules/ec2/vpc-endpoint-for-ec2';
import { type Aws, type AwsCommand, notFound } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';

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

describe('the plan', () => {
  const bare = { owner: resource.account, endpoints: [], subnets: ['subnet-0a', 'subnet-0b', 'subnet-0c'], group: 'own' as const };
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

describe('what is read', () => {
  const pages: Readonly<Record<string, readonly object[]>> = {
    DescribeVpcs: [{ Vpcs: [{ VpcId: id, OwnerId: resource.account }] }, { Vpcs: [{ VpcId: 'vpc-0b', OwnerId: '999999999999' }] }],
    DescribeVpcEndpointServices: [{ ServiceDetails: [{ AvailabilityZones: ['eu-west-1a', 'eu-west-1b'] }] }],
    DescribeVpcEndpoints: [
      { VpcEndpoints: [{ VpcEndpointId: 'vpce-0b', VpcEndpointType: 'Interface', State: 'deleting' }] },
      { VpcEndpoints: [{ VpcEndpointId: 'vpce-0c', VpcEndpointType: 'Gateway', State: 'available' }] },
    ],
    DescribeSubnets: [
      {
        Subnets: [
          { SubnetId: 'subnet-0d', AvailabilityZone: 'eu-west-1b' },
          { SubnetId: 'subnet-0c', AvailabilityZone: 'eu-west-1c' },
        ],
      },
      {
        Subnets: [
          { SubnetId: 'subnet-0b', AvailabilityZone: 'eu-west-1a' },
          { SubnetId: 'subnet-0a', AvailabilityZone: 'eu-west-1a', Ipv6Native: true },
          { SubnetId: 'subnet-0e', AvailabilityZone: 'eu-west-1a' },
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

  it('is one subnet for each zone that has endpoints of EC2, from all pages', async () => {
    expect(await rule.inspect(resource, answering())).toEqual({
      owner: resource.account,
      endpoints: [],
      subnets: ['subnet-0b', 'subnet-0d'],
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
  const plan = rule.plan(resource, { owner: resource.account, endpoints: [], subnets: ['subnet-0a'], group: 'absent' }, context);
  const [making] = isChanges(plan) ? plan : [];
  for (let time = 0; time < 2; time += 1) await expect(client.send(making?.do as never)).rejects.toThrow('reset');
  expect(tokens).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), tokens[0], expect.any(String), tokens[2]]);
  expect(tokens[2]).not.toBe(tokens[0]);
});
