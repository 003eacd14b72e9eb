import { GetStageCommand } from '@aws-sdk/client-api-gateway';
import { GetStageCommand as GetWebSocketStageCommand } from '@aws-sdk/client-apigatewayv2';
import { undefinedOn } from '../../absence';
import type { Grant, Resource, ResourceKind } from '../../rule';

/** The ARNs of the stages of REST APIs, for grants. */
export const restStages = 'arn:{partition}:apigateway:{region}::/restapis/*/stages/*';

/** The ARNs of the stages of WebSocket and HTTP APIs, for grants. */
export const socketStages = 'arn:{partition}:apigateway:{region}::/apis/*/stages/*';

const reading = (on: string): Grant => ({ actions: ['apigateway:GET'], on });

/** The error of API Gateway if the API or the stage does not exist. */
export const unknown = ['NotFoundException'];

/** The stage by the ids that CloudFormation joins: `<API>|<stage>`, or with a slash. */
const stagesOf =
  (apis: 'restapis' | 'apis'): NonNullable<ResourceKind['resolve']> =>
  async (id, { partition, region }) => {
    const [, api, stage] = /^([a-z0-9]{1,64})[|/]([^|/]+)$/.exec(id) ?? [];
    return api === undefined ? undefined : [`arn:${partition}:apigateway:${region}::/${apis}/${api}/stages/${stage}`];
  };

/** A stage of a REST API, by its name. The ARN contains the API. */
export const restStage: ResourceKind = {
  type: 'AWS::ApiGateway::Stage',
  arn: 'arn:{partition}:apigateway:{region}::/restapis/{name}/stages/{id}',
  scope: 'regional',
  target: (stage) => ({ restApiId: apiOf(stage), stageName: stage.id }),
  permissions: [reading(restStages)],

  async tags(resource, aws) {
    const found = await undefinedOn(unknown, aws.send(new GetStageCommand({ restApiId: apiOf(resource), stageName: resource.id })));
    return found?.tags ?? {};
  },

  resolve: stagesOf('restapis'),
};

/** A stage of a WebSocket API or an HTTP API, by its name. The ARN contains the API. */
export const socketStage: ResourceKind = {
  type: 'AWS::ApiGatewayV2::Stage',
  arn: 'arn:{partition}:apigateway:{region}::/apis/{name}/stages/{id}',
  // The default stage of an HTTP API.
  name: /[A-Za-z0-9_-]{1,128}|\$default/,
  scope: 'regional',
  target: (stage) => ({ ApiId: apiOf(stage), StageName: stage.id }),
  permissions: [reading(socketStages)],

  async tags(resource, aws) {
    const found = await undefinedOn(unknown, aws.send(new GetWebSocketStageCommand({ ApiId: apiOf(resource), StageName: resource.id })));
    return found?.Tags ?? {};
  },

  resolve: stagesOf('apis'),
};

/** The id of the API of a stage. */
export const apiOf = ({ arn }: Pick<Resource, 'arn'>): string => arn.split('/').at(-3) ?? '';
