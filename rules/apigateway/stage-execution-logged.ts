import { APIGatewayClient, GetAccountCommand, UpdateStageCommand } from '@aws-sdk/client-api-gateway';
import { ApiGatewayV2Client, UpdateStageCommand as UpdateWebSocketStageCommand } from '@aws-sdk/client-apigatewayv2';
import * as z from 'zod';
import { levelOf, parts } from '../detector-parameters';
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
    .describe('The minimum log level: failed requests only (ERROR) or all requests (INFO).'),
});

/** `role`: whether the account has a role that API Gateway uses to write logs. */
type State = { readonly rest?: RestLogging; readonly socket?: SocketLogging; readonly role: boolean };

// A list of levels, of which a stage needs one.
const loggingLevel = levelOf('loggingLevel', ['ERROR', 'INFO'], (text) => {
  const levels = parts(text);
  if (levels.some((level) => level !== 'ERROR' && level !== 'INFO')) return undefined;
  return levels.includes('ERROR') ? 'ERROR' : levels[0];
});

export default defineRule({
  id: 'apigateway-stage-execution-logged',
  title: 'API Gateway REST and WebSocket API stages have execution logging enabled',
  why: 'Without execution logs, nobody can tell why a request failed or who tried what.',
  impact:
    'None for clients. API Gateway writes log lines for failed requests, or for all requests with loggingLevel INFO, and CloudWatch Logs charges for them.',
  severity: 'medium',
  risk: 'safe',
  resource: [restStage, socketStage],
  property: 'MethodSettings.LoggingLevel',
  detectedBy: { securityHub: ['APIGateway.1'], config: ['api-gw-execution-logging-enabled'] },
  detectorParameters: {
    'APIGateway.1': { loggingLevel },
    'api-gw-execution-logging-enabled': { loggingLevel },
  },
  permissions: {
    inspect: [
      {
        actions: ['apigateway:GET'],
        on: [
          restStages,
          socketStages,
          // To distinguish WebSocket APIs from HTTP APIs.
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
        unfixable: `API Gateway has no role in ${stage.region} that allows it to write to CloudWatch Logs. Set the CloudWatch log role ARN in the API Gateway settings.`,
        code: 'log-role-not-set',
      };
    const traced = rest ? rest.traced : tracedRoutes(socket ?? 'none');
    if (traced.length > 0)
      return {
        unfixable: `Data tracing is enabled for ${traced.map((key) => (key === allMethods ? 'all methods and routes' : key)).join(', ')}. With logging enabled, it would log complete requests, including any secrets in them. Disable data tracing first.`,
        code: 'data-tracing-enabled',
      };
    return [change];
  },

  list: async (place, aws) => [...(await listRestStages(place, aws)), ...(await listSocketStages(place, aws))],
});
