import {
  CreateDeploymentCommand,
  CreateRestApiCommand,
  CreateStageCommand,
  GetResourcesCommand,
  GetStageCommand,
  PutIntegrationCommand,
  PutMethodCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import type { World } from '../../../contract/scenario';

/** A stage of a REST API with these settings: values by the path of a patch. Its ARN. */
export async function newRestStage(world: World, settings: Readonly<Record<string, string>> = {}): Promise<string> {
  const { id: restApiId = '' } = await world.send(new CreateRestApiCommand({ name: 'pets' }));
  const { items = [] } = await world.send(new GetResourcesCommand({ restApiId }));
  const method = { restApiId, resourceId: items[0]?.id, httpMethod: 'GET' };
  await world.send(new PutMethodCommand({ ...method, authorizationType: 'NONE' }));
  await world.send(new PutIntegrationCommand({ ...method, type: 'MOCK' }));
  const { id: deploymentId } = await world.send(new CreateDeploymentCommand({ restApiId }));
  const stage = { restApiId, stageName: 'prod' };
  await world.send(new CreateStageCommand({ ...stage, deploymentId, tags: { team: 'red' } }));
  const patchOperations = Object.entries(settings).map(([path, value]) => ({ op: 'replace' as const, path, value }));
  if (patchOperations.length > 0) await world.send(new UpdateStageCommand({ ...stage, patchOperations }));
  return `arn:aws:apigateway:${world.region}::/restapis/${restApiId}/stages/prod`;
}

/** The settings of a stage's methods. */
export async function settingsOf(world: World, arn: string) {
  const [, restApiId] = arn.match(/restapis\/([^/]+)/) ?? [];
  return (await world.send(new GetStageCommand({ restApiId, stageName: 'prod' }))).methodSettings ?? {};
}
