import {
  AssociateRouteTableCommand,
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeRouteTablesCommand,
  DescribeSubnetsCommand,
} from '@aws-sdk/client-ec2';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  type CreateServiceCommandInput,
  DescribeServicesCommand,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import { service } from '../../../rules/ecs/service/resource';
import rule from '../../../rules/ecs/service-public-address-not-assigned';
import { describeRule } from '../../contract/describe-rule';
import { present } from '../../contract/plan-of';
import type { World } from '../../contract/scenario';

describeRule(rule, {
  violations: {
    'a service in a private subnet that assigns public addresses': {
      seed: async (world) => newService(world, await newSubnet(world)),
      fixed: async (world, arn) =>
        expect(await networkOf(world, arn)).toEqual({
          subnets: [expect.stringMatching(/^subnet-/)],
          securityGroups: [expect.stringMatching(/^sg-/), expect.stringMatching(/^sg-/)],
          assignPublicIp: 'DISABLED',
        }),
      rolledBack: async (world, arn) => expect(await networkOf(world, arn)).toMatchObject({ assignPublicIp: 'ENABLED' }),
    },
    'a service in a private subnet of a VPC whose main route table leads to the internet': {
      seed: async (world) => newService(world, await newSubnet(world, 'main')),
    },
    'a service in a public subnet with VPC endpoints': {
      seed: async (world) => newService(world, await newSubnet(world, 'own')),
      parameters: { evenWithoutInternet: true },
    },
  },
  compliant: {
    'a service that assigns no public addresses': {
      seed: async (world) => newService(world, await newSubnet(world, 'own'), { assignPublicIp: 'DISABLED' }),
    },
    'a service whose tasks have the network of their host': { seed: (world) => newService(world, undefined) },
  },
  obstacles: {
    'a service in a subnet whose own route table leads to the internet': {
      seed: async (world) => newService(world, await newSubnet(world, 'own')),
      outcome: 'unfixable',
      reason: /Tasks in subnet-\w+ appear to reach the internet only with a public address/,
    },
    'a service in a subnet without a route table, where the main one leads to the internet': {
      seed: async (world) => newService(world, await newSubnet(world, 'main alone')),
      outcome: 'unfixable',
      reason: /NAT gateway/,
    },
    'a service that AWS CodeDeploy deploys': {
      seed: async (world) => newService(world, await newSubnet(world), {}, { deploymentController: { type: 'CODE_DEPLOY' } }),
      outcome: 'unfixable',
      reason: /AWS CodeDeploy/,
    },
  },
  missing: 'no-such-cluster/web',
});

const resource = {
  partition: 'aws',
  account: '111122223333',
  region: 'eu-west-1',
  type: service.type,
  id: 'shop/web',
  arn: 'arn:aws:ecs:eu-west-1:111122223333:service/shop/web',
};
const plan = (state: Parameters<typeof rule.plan>[1]) =>
  rule.plan(resource, state, { parameters: { evenWithoutInternet: false }, detectedBy: 'ECS.2', now: new Date(0) });

describe('a plan', () => {
  it('names no security groups where there are none', () => {
    expect(plan({ public: true, network: { subnets: ['subnet-0a'] }, controller: 'ECS', direct: [] })).toMatchObject([
      {
        do: {
          input: {
            cluster: 'shop',
            service: 'web',
            networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0a'], assignPublicIp: 'DISABLED' } },
          },
        },
      },
    ]);
  });

  it('leaves services of other controllers alone', () => {
    expect(plan({ public: true, network: { subnets: [] }, controller: 'EXTERNAL', direct: [] })).toEqual({
      unfixable: expect.stringContaining('Another controller deploys the service'),
      code: 'deployed-by-other-controller',
    });
  });
});

it('takes a service of that name in another cluster, or made anew, for another', async () => {
  const send = async () =>
    ({ services: [{ status: 'ACTIVE', serviceArn: 'arn:aws:ecs:eu-west-1:111122223333:service/other/web' }] }) as never;
  expect(String(await rule.inspect(resource, { send }))).toContain('not found');
});

it.each([
  [{}, 'ECS'],
  [{ resourceManagementType: 'ECS' }, 'EXPRESS'],
  [{ deploymentController: { type: 'CODE_DEPLOY' }, resourceManagementType: 'CUSTOMER' }, 'CODE_DEPLOY'],
])('knows who deploys a service: %j', async (shown, controller) => {
  const found = {
    ...shown,
    status: 'ACTIVE',
    serviceArn: resource.arn,
    networkConfiguration: { awsvpcConfiguration: { assignPublicIp: 'ENABLED' } },
  };
  const state = await rule.inspect(resource, { send: async () => ({ services: [found] }) as never });
  expect(state).toMatchObject({ controller });
  expect('unfixable' in plan(present(state))).toBe(controller !== 'ECS');
});

it('does not trust in routes that it can not see', async () => {
  const send = async ({ input }: { input: { services?: object; SubnetIds?: object } }) => {
    if (input.services) return { services: [{ status: 'ACTIVE', serviceArn: resource.arn, networkConfiguration }] };
    return input.SubnetIds ? { Subnets: [{ SubnetId: 'subnet-0a', VpcId: 'vpc-0a' }] } : { RouteTables: [] };
  };
  const networkConfiguration = { awsvpcConfiguration: { subnets: ['subnet-0a'], assignPublicIp: 'ENABLED' } };
  expect(await rule.inspect(resource, { send } as never)).toMatchObject({ direct: ['subnet-0a'] });
});

it('lists the services of all clusters and pages', async () => {
  const aws = {
    async send({ input }: { input: { nextToken?: string; cluster?: string } }) {
      const more = input.nextToken ? {} : { nextToken: 'more' };
      if (input.cluster === 'gone') throw Object.assign(new Error(), { name: 'ClusterNotFoundException' });
      if (input.cluster === 'empty') return {};
      if (input.cluster) return { serviceArns: [`${input.cluster}/${input.nextToken ? 2 : 1}`], ...more };
      return { clusterArns: input.nextToken ? ['b', 'gone'] : ['a', 'empty'], ...more };
    },
  } as never;
  expect(await rule.list?.(resource, aws)).toEqual(['a/1', 'a/2', 'b/1', 'b/2']);
});

it('looks for a service with an ARN of the old format in the default cluster', async () => {
  const send = jest.fn(async () => ({}) as never);
  await rule.inspect({ ...resource, id: 'web', arn: 'arn:aws:ecs:eu-west-1:111122223333:service/web' }, { send });
  expect(send).toHaveBeenCalledWith(expect.objectContaining({ input: { services: ['web'] } }));
});

it('takes a service that is being deleted for not found', async () => {
  const send = async () => ({ services: [{ status: 'DRAINING' }] }) as never;
  expect(String(await rule.inspect(resource, { send }))).toContain('not found');
});

/** A subnet; where the route to the internet is: in a route table that it shares with another, in the main one of the VPC while it has that one, or in the main one alone. */
async function newSubnet(world: World, route?: 'own' | 'main' | 'main alone'): Promise<string> {
  const { Vpc } = await world.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const { Subnet } = await world.send(new CreateSubnetCommand({ VpcId: Vpc?.VpcId, CidrBlock: '10.0.1.0/24' }));
  const Filters = [{ Name: 'vpc-id', Values: [Vpc?.VpcId ?? ''] }];
  const { RouteTables: [main] = [] } = await world.send(new DescribeRouteTablesCommand({ Filters }));
  let own: string | undefined;
  if (route !== 'main alone') {
    const { RouteTable } = await world.send(new CreateRouteTableCommand({ VpcId: Vpc?.VpcId }));
    own = RouteTable?.RouteTableId;
    const { Subnet: other } = await world.send(new CreateSubnetCommand({ VpcId: Vpc?.VpcId, CidrBlock: '10.0.2.0/24' }));
    for (const { SubnetId } of [other, Subnet].flatMap((one) => one ?? []))
      await world.send(new AssociateRouteTableCommand({ RouteTableId: own, SubnetId }));
  }
  if (route) {
    const { InternetGateway } = await world.send(new CreateInternetGatewayCommand({}));
    const GatewayId = InternetGateway?.InternetGatewayId;
    await world.send(new AttachInternetGatewayCommand({ InternetGatewayId: GatewayId, VpcId: Vpc?.VpcId }));
    const RouteTableId = route === 'own' ? own : main?.RouteTableId;
    await world.send(new CreateRouteCommand({ RouteTableId, DestinationCidrBlock: '0.0.0.0/0', GatewayId }));
  }
  return Subnet?.SubnetId ?? '';
}

async function newService(
  world: World,
  subnet: string | undefined,
  network: { readonly assignPublicIp?: 'DISABLED' } = {},
  more: Partial<CreateServiceCommandInput> = {},
): Promise<string> {
  await world.send(new CreateClusterCommand({ clusterName: 'shop' }));
  const containerDefinitions = [{ name: 'web', image: 'nginx', memory: 256 }];
  await world.send(new RegisterTaskDefinitionCommand({ family: 'web', containerDefinitions }));
  const awsvpcConfiguration = {
    subnets: [subnet ?? ''],
    securityGroups: subnet ? await newGroups(world, subnet) : [],
    assignPublicIp: 'ENABLED' as const,
    ...network,
  };
  const { service: made } = await world.send(
    new CreateServiceCommand({
      cluster: 'shop',
      serviceName: 'web',
      taskDefinition: 'web',
      desiredCount: 1,
      ...(subnet && { networkConfiguration: { awsvpcConfiguration } }),
      ...more,
    }),
  );
  return made?.serviceArn ?? '';
}

async function newGroups(world: World, subnet: string): Promise<string[]> {
  const { Subnets: [found] = [] } = await world.send(new DescribeSubnetsCommand({ SubnetIds: [subnet] }));
  const groups = ['web', 'logs'].map((GroupName) =>
    world.send(new CreateSecurityGroupCommand({ GroupName, Description: GroupName, VpcId: found?.VpcId })),
  );
  return (await Promise.all(groups)).flatMap(({ GroupId }) => GroupId ?? []);
}

async function networkOf(world: World, arn: string) {
  const { services = [] } = await world.send(new DescribeServicesCommand({ cluster: 'shop', services: [arn] }));
  return services[0]?.networkConfiguration?.awsvpcConfiguration;
}
