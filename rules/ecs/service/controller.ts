import type { Service } from '@aws-sdk/client-ecs';

/** The deployment controller of a service: `ECS`, or one of `CODE_DEPLOY`, `EXTERNAL` and `EXPRESS`, which have to make all deployments. */
export const controllerOf = ({ deploymentController, resourceManagementType }: Service): string =>
  resourceManagementType === 'ECS' ? 'EXPRESS' : (deploymentController?.type ?? 'ECS');
