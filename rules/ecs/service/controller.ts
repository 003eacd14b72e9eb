import type { Service } from '@aws-sdk/client-ecs';

/** Who makes the deployments of a service: `ECS`, or else `CODE_DEPLOY`, `EXTERNAL` or `EXPRESS`, which alone can change what is deployed. */
export const controllerOf = ({ deploymentController, resourceManagementType }: Service): string =>
  resourceManagementType === 'ECS' ? 'EXPRESS' : (deploymentController?.type ?? 'ECS');
