import {
  type ContainerDefinition,
  CreateClusterCommand,
  CreateServiceCommand,
  type CreateServiceCommandInput,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import type { AwsCommand } from '../../../../rules/rule';
import type { World } from '../../../contract/scenario';
import { secret } from '../../../contract/secrets';
import { standIn } from '../../../contract/stand-in';

type Send = (command: AwsCommand) => Promise<{ readonly taskDefinitionArns?: readonly string[]; readonly services?: readonly object[] }>;

const revisionOf = (arn: string): number => Number(arn.slice(arn.lastIndexOf(':') + 1));

async function resolved(name: string, send: Send): Promise<string> {
  if (name.includes(':')) return name;
  const { taskDefinitionArns = [] } = await send(new ListTaskDefinitionsCommand({ familyPrefix: name, status: 'ACTIVE' }));
  const [latest] = [...taskDefinitionArns].sort((a, b) => revisionOf(b) - revisionOf(a));
  if (!latest) throw Object.assign(new Error('Unable to describe task definition.'), { name: 'ClientException' });
  return latest;
}

/** moto takes an inactive revision for the latest, keeps the name of a family for that of its revision, and deploys nothing. */
export const standInForDeployments = (): void =>
  standIn(ECSClient, async (command, send) => {
    const plain = send as Send;
    if (command instanceof DescribeTaskDefinitionCommand)
      return send(
        new DescribeTaskDefinitionCommand({ ...command.input, taskDefinition: await resolved(command.input.taskDefinition ?? '', plain) }),
      );
    if (command instanceof UpdateServiceCommand && command.input.taskDefinition)
      return send(new UpdateServiceCommand({ ...command.input, taskDefinition: await resolved(command.input.taskDefinition, plain) }));
    const answer = await plain(command);
    if (!(command instanceof DescribeServicesCommand)) return answer;
    const deployed = (service: { readonly taskDefinition?: string }) => ({
      ...service,
      deployments: [{ status: 'PRIMARY', taskDefinition: service.taskDefinition }],
    });
    return { ...answer, services: (answer.services ?? []).map(deployed) };
  });

export const container = (name: string, more: Partial<ContainerDefinition> = {}): ContainerDefinition => ({
  name,
  image: 'nginx',
  memory: 256,
  environment: [{ name: 'STAGE', value: secret }],
  ...more,
});

/** A revision of these containers; its ARN. */
export async function newRevision(
  world: World,
  containerDefinitions: ContainerDefinition[],
  more: Partial<RegisterTaskDefinitionCommandInput> = {},
): Promise<string> {
  const tags = [{ key: 'team', value: 'red' }];
  const { taskDefinition } = await world.send(new RegisterTaskDefinitionCommand({ family: 'web', containerDefinitions, tags, ...more }));
  return taskDefinition?.taskDefinitionArn ?? '';
}

/** A service that runs a revision. */
export async function newService(
  world: World,
  cluster: string,
  taskDefinition: string,
  more: Partial<CreateServiceCommandInput> = {},
): Promise<void> {
  await world.send(new CreateClusterCommand({ clusterName: cluster }));
  await world.send(new CreateServiceCommand({ cluster, serviceName: 'web', taskDefinition, desiredCount: 1, ...more }));
}

/** What the service of a cluster runs, as the end of its ARN: `web:2`. */
export async function runBy(world: World, cluster: string, service = 'web'): Promise<string> {
  const { services = [] } = await world.send(new DescribeServicesCommand({ cluster, services: [service] }));
  return services[0]?.taskDefinition?.split('/').at(-1) ?? '';
}

export async function revision(world: World, taskDefinition: string) {
  const answer = await world.send(new DescribeTaskDefinitionCommand({ taskDefinition, include: ['TAGS'] }));
  return { ...answer.taskDefinition, tags: answer.tags };
}
