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
      'Whether tasks lose their public address in subnets, too, that reach the internet by it alone: where VPC endpoints give them all they need.',
    ),
});

/** The network of the tasks, as AWS has it. */
type Network = { readonly subnets: readonly string[]; readonly securityGroups?: readonly string[] };

/** `direct`: the subnets that reach the internet by public addresses alone. */
type State =
  | { readonly public: false }
  | { readonly public: true; readonly network: Network; readonly controller: string; readonly direct: readonly string[] };

export default defineRule({
  id: 'ecs-service-public-address-not-assigned',
  title: 'ECS services give their tasks no public address',
  why: 'A task with a public address can be reached from the internet as soon as a security group lets somebody in.',
  impact:
    'The service starts new tasks, without a public address, and stops the old ones. Clients that call the tasks themselves, and not a load balancer, no longer reach them.',
  severity: 'high',
  risk: 'disruptive',
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
        unfixable: `The deployments of the service are made by ${controllers[controller] ?? 'another controller'}, and its network is changed there alone: deploy it without public addresses.`,
      };
    if (direct.length > 0 && !evenWithoutInternet)
      return {
        unfixable: `From ${direct.join(', ')} tasks reach the internet by their public address alone, for all that can be seen, and perhaps not even their image without it. Move the service to subnets behind a NAT gateway; or, where VPC endpoints give it all it needs, set \`evenWithoutInternet\`.`,
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
