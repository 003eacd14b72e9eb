import { EC2Client } from '@aws-sdk/client-ec2';
import { DescribeServicesCommand, ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import * as z from 'zod';
import { undefinedOn } from '../absence';
import { defineRule, notFound } from '../rule';
import { controllerOf } from './service/controller';
import { directlyRouted, routeReading } from './service/internet-route';
import { listing, listServices } from './service/list';
import { nameOf, service, services } from './service/resource';

const parameters = z.strictObject({
  evenWithoutInternet: z
    .boolean()
    .default(false)
    .describe(
      'Whether to remove public addresses also in subnets with only an internet gateway: set it if VPC endpoints provide all that the tasks need.',
    ),
});

/** The network configuration of the tasks. */
type Network = { readonly subnets: readonly string[]; readonly securityGroups?: readonly string[] };

/** `direct`: the subnets that reach the internet only with public addresses. */
type State =
  | { readonly public: false }
  | { readonly public: true; readonly network: Network; readonly controller: string; readonly direct: readonly string[] };

export default defineRule({
  id: 'ecs-service-public-address-not-assigned',
  title: 'ECS services do not assign public IP addresses to their tasks',
  why: 'A task with a public IP address is exposed to the internet as soon as a security group allows it.',
  impact:
    'The service starts new tasks without a public IP address, and stops the old ones. Clients that connect to the tasks directly, rather than through a load balancer, lose access.',
  severity: 'high',
  risk: 'disruptive',
  exposes: true,
  resource: service,
  property: 'NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp',
  detectedBy: { securityHub: ['ECS.2'], config: ['ecs-service-assign-public-ip-disabled'] },
  permissions: {
    inspect: [{ actions: ['ecs:DescribeServices'], on: services }, routeReading, listing],
    change: { actions: ['ecs:UpdateService'], on: services },
  },
  clients: [ECSClient, EC2Client],
  commands: [UpdateServiceCommand],
  parameters,

  async inspect(resource, aws): Promise<State | typeof notFound> {
    const { service: name, ...cluster } = nameOf(resource);
    const answer = await undefinedOn(['ClusterNotFoundException'], aws.send(new DescribeServicesCommand({ ...cluster, services: [name] })));
    const found = answer?.services?.find(({ status, serviceArn }) => status === 'ACTIVE' && serviceArn === resource.arn);
    if (!found) return notFound;
    const { assignPublicIp, ...network } = found.networkConfiguration?.awsvpcConfiguration ?? { subnets: [] };
    if (assignPublicIp !== 'ENABLED') return { public: false };
    return {
      public: true,
      network: { subnets: network.subnets ?? [], ...(network.securityGroups && { securityGroups: network.securityGroups }) },
      controller: controllerOf(found),
      direct: await directlyRouted(network.subnets ?? [], aws),
    };
  },

  plan(resource, state, { parameters: { evenWithoutInternet } }) {
    if (!state.public) return [];
    const { network, controller, direct } = state;
    if (controller !== 'ECS')
      return {
        unfixable: `${controllers[controller] ?? 'Another controller'} deploys the service, and only it can change the network configuration. Deploy the service without public addresses.`,
        code: 'deployed-by-other-controller',
      };
    if (direct.length > 0 && !evenWithoutInternet)
      return {
        unfixable: `Tasks in ${direct.join(', ')} appear to reach the internet only with a public address, and may not even get their image without one. Move the service to subnets with a NAT gateway, or set evenWithoutInternet if VPC endpoints provide all that it needs.`,
        code: 'no-nat-route',
      };
    const assign = (assignPublicIp: 'ENABLED' | 'DISABLED') =>
      new UpdateServiceCommand({
        ...nameOf(resource),
        networkConfiguration: {
          awsvpcConfiguration: {
            subnets: [...network.subnets],
            ...(network.securityGroups && { securityGroups: [...network.securityGroups] }),
            assignPublicIp,
          },
        },
      });
    return [{ do: assign('DISABLED'), undo: assign('ENABLED') }];
  },

  list: async (_, aws) => (await listServices(aws)).flatMap((cluster) => cluster.services),
});

const controllers: Readonly<Record<string, string>> = { CODE_DEPLOY: 'AWS CodeDeploy', EXPRESS: 'ECS Express Mode' };
