import { APIGatewayClient, GetAccountCommand, UpdateStageCommand } from '@aws-sdk/client-api-gateway';
import { ApiGatewayV2Client, UpdateStageCommand as UpdateWebSocketStageCommand } from '@aws-sdk/client-apigatewayv2';
import * as z from 'zod';
import { defineRule, notFound } from '../rule';
import { listRestStages, listSocketStages, restListing, socketListing } from './stage/list';
import { allMethods } from './stage/method-setting';
import { restStage, restStages, socketStage, socketStages } from './stage/resource';
import { type RestLogging, readRestLogging, restLoggingChange } from './stage/rest-logging';
import { readSocketLogging, type SocketLogging, socketLoggingChange, tracedRoutes } from './stage/socket-logging';

const parameters = z.strictObject({
  loggingLevel: z
    .enum(['ERROR', 'INFO'])
    .default('ERROR')
    .describe('What has to be logged at least: the requests that fail, or all of them.'),
});

/** `role`: whether the account has named a role by which API Gateway writes logs. */
type State = { readonly rest?: RestLogging; readonly socket?: SocketLogging; readonly role: boolean };

export default defineRule({
  id: 'apigateway-stage-execution-logged',
  title: 'API Gateway logs what becomes of the requests to REST and WebSocket APIs',
  why: 'Without it nobody can tell why a request failed, nor who has tried what.',
  impact:
    'None for clients. Each request that fails (or each request, as the parameter says) writes lines to CloudWatch Logs, which bills them.',
  severity: 'medium',
  risk: 'safe',
  resource: [restStage, socketStage],
  property: 'MethodSettings.LoggingLevel',
  detectedBy: { securityHub: ['APIGateway.1'], config: ['api-gw-execution-logging-enabled'] },
  permissions: {
    inspect: [
      {
        actions: ['apigateway:GET'],
        on: [
          restStages,
          socketStages,
          // To tell a WebSocket API from an HTTP API.
          'arn:{partition}:apigateway:{region}::/apis/*',
          'arn:{partition}:apigateway:{region}::/account',
        ],
      },
      restListing,
      socketListing,
    ],
    change: { actions: ['apigateway:PATCH'], on: [restStages, socketStages] },
  },
  clients: [APIGatewayClient, ApiGatewayV2Client],
  commands: [UpdateStageCommand, UpdateWebSocketStageCommand],
  parameters,

  async inspect(stage, aws): Promise<State | typeof notFound> {
    const logging =
      stage.type === restStage.type ? { rest: await readRestLogging(stage, aws) } : { socket: await readSocketLogging(stage, aws) };
    if (!Object.values(logging).some(Boolean)) return notFound;
    const { cloudwatchRoleArn } = await aws.send(new GetAccountCommand({}));
    return { ...logging, role: Boolean(cloudwatchRoleArn) } as State;
  },

  plan(stage, { rest, socket, role }, { parameters: { loggingLevel } }) {
    const change = rest ? restLoggingChange(stage, rest, loggingLevel) : socketLoggingChange(stage, socket ?? 'none', loggingLevel);
    if (!change) return [];
    if (!role)
      return {
        unfixable: `API Gateway has no role in ${stage.region} by which it writes to CloudWatch Logs, and logs nothing without. Name one in the settings of API Gateway.`,
      };
    const traced = rest ? rest.traced : tracedRoutes(socket ?? 'none');
    if (traced.length > 0)
      return {
        unfixable: `The requests to ${traced.map((key) => (key === allMethods ? 'all methods and routes' : key)).join(', ')} would be logged whole, with the secrets in them: data tracing is on there, and takes effect with the log. Turn it off first.`,
      };
    return [change];
  },

  list: async (place, aws) => [...(await listRestStages(place, aws)), ...(await listSocketStages(place, aws))],
});
