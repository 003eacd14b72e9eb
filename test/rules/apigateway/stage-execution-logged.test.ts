import {
  APIGatewayClient,
  GetAccountCommand,
  GetStageCommand,
  UpdateAccountCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import {
  ApiGatewayV2Client,
  CreateApiCommand,
  CreateStageCommand as CreateWebSocketStageCommand,
  GetStageCommand as GetWebSocketStageCommand,
  type RouteSettings,
  UpdateStageCommand as UpdateWebSocketStageCommand,
} from '@aws-sdk/client-apigatewayv2';
import { restStage, socketStage } from '../../../rules/apigateway/stage/resource';
import rule from '../../../rules/apigateway/stage-execution-logged';
import { type AwsCommand, notFound } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import { standIn } from '../../contract/stand-in';
import { newRestStage, settingsOf } from './stage/seed';

const jsonOf = ({ input }: AwsCommand): string =>
  JSON.stringify([(input as { restApiId?: string }).restApiId, (input as { ApiId?: string }).ApiId]);

// moto can't take settings of methods away, and changes no stage of a WebSocket API.
const without = new Set<string>();
const updates = new Map<string, object>();

standIn(APIGatewayClient, async (command, send) => {
  if (command instanceof UpdateStageCommand) {
    const removed = command.input.patchOperations?.some(({ op, path }) => op === 'remove' && path === '/*/*');
    if (!removed) without.delete(jsonOf(command));
    else without.add(jsonOf(command));
  }
  const answer: { methodSettings?: Record<string, object> } = await send(command);
  if (command instanceof GetStageCommand && without.has(jsonOf(command)) && answer.methodSettings) delete answer.methodSettings['*/*'];
  return answer;
});

standIn(ApiGatewayV2Client, async (command, send) => {
  if (command instanceof UpdateWebSocketStageCommand) {
    updates.set(jsonOf(command), { ...updates.get(jsonOf(command)), ...command.input });
    return {};
  }
  const answer = await send(command);
  return command instanceof GetWebSocketStageCommand ? { ...answer, ...updates.get(jsonOf(command)) } : answer;
});

describeRule(rule, {
  violations: {
    'a stage without settings': {
      seed: withRole((world) => newRestStage(world)),
      fixed: async (world, arn) => expect(await settingsOf(world, arn)).toMatchObject({ '*/*': { loggingLevel: 'ERROR' } }),
      rolledBack: async (world, arn) => expect(await settingsOf(world, arn)).toEqual({}),
    },
    'a stage whose logs are off, for all or for one method': {
      seed: withRole((world) =>
        newRestStage(world, {
          '/*/*/logging/loglevel': 'OFF',
          '/*/*/metrics/enabled': 'true',
          '/pets/GET/logging/loglevel': 'INFO',
          '/pets/PUT/metrics/enabled': 'true',
        }),
      ),
      fixed: async (world, arn) =>
        expect(await settingsOf(world, arn)).toMatchObject({
          '*/*': { loggingLevel: 'ERROR', metricsEnabled: true },
          'pets/GET': { loggingLevel: 'INFO' },
          'pets/PUT': { loggingLevel: 'ERROR', metricsEnabled: true },
        }),
    },
    'a stage that logs errors alone, those whole, where all is to be logged': {
      seed: withRole((world) => newRestStage(world, { '/*/*/logging/loglevel': 'ERROR', '/*/*/logging/dataTrace': 'true' })),
      parameters: { loggingLevel: 'INFO' },
    },
    'a stage of a WebSocket API': {
      seed: withRole((world) =>
        newSocketStage(
          world,
          { DetailedMetricsEnabled: true },
          { $connect: { LoggingLevel: 'OFF', ThrottlingBurstLimit: 5 }, $default: { LoggingLevel: 'INFO' } },
        ),
      ),
      fixed: async (world, arn) =>
        expect(await socketSettingsOf(world, arn)).toMatchObject({
          DefaultRouteSettings: { DetailedMetricsEnabled: true, LoggingLevel: 'ERROR' },
          RouteSettings: { $connect: { LoggingLevel: 'ERROR', ThrottlingBurstLimit: 5 }, $default: { LoggingLevel: 'INFO' } },
        }),
    },
    'a stage of a WebSocket API whose other settings shall stay': {
      seed: withRole((world) => newSocketStage(world, { LoggingLevel: 'OFF' }, { $connect: { LoggingLevel: 'INFO' } })),
      fixed: async (world, arn) =>
        expect(await socketSettingsOf(world, arn)).toMatchObject({ RouteSettings: { $connect: { LoggingLevel: 'INFO' } } }),
    },
  },
  compliant: {
    'a stage that logs errors': { seed: withRole((world) => newRestStage(world, { '/*/*/logging/loglevel': 'ERROR' })) },
    'a stage that logs all requests': { seed: withRole((world) => newRestStage(world, { '/*/*/logging/loglevel': 'INFO' })) },
    'a stage of a WebSocket API that logs all requests': {
      seed: withRole((world) => newSocketStage(world, { LoggingLevel: 'INFO' }, {})),
      parameters: { loggingLevel: 'INFO' },
    },
    'a stage of an HTTP API': { seed: withRole((world) => newSocketStage(world, {}, {}, 'HTTP')) },
  },
  obstacles: {
    'a stage whose logs are off, and of one method would hold whole requests': {
      seed: withRole((world) =>
        newRestStage(world, {
          '/*/*/logging/loglevel': 'OFF',
          '/pets/GET/logging/loglevel': 'OFF',
          '/pets/GET/logging/dataTrace': 'true',
        }),
      ),
      outcome: 'unfixable',
      reason: /Data tracing is enabled for pets\/GET\./,
    },
    'a stage of a WebSocket API whose logs are off, and would hold whole messages': {
      seed: withRole((world) => newSocketStage(world, { LoggingLevel: 'OFF', DataTraceEnabled: true }, { a: { DataTraceEnabled: true } })),
      outcome: 'unfixable',
      reason: /Data tracing is enabled for all methods and routes, a\./,
    },
    'an account without a role for the logs': { seed: newRestStage, outcome: 'unfixable', reason: /no role in eu-west-1/ },
  },
  missing: 'arn:aws:apigateway:eu-west-1::/restapis/nosuchapi/stages/prod',
});

function withRole(seed: (world: World) => Promise<string>) {
  return async (world: World): Promise<string> => {
    const value = `arn:aws:iam::${world.account}:role/api-logs`;
    await world.send(new UpdateAccountCommand({ patchOperations: [{ op: 'replace', path: '/cloudwatchRoleArn', value }] }));
    expect((await world.send(new GetAccountCommand({}))).cloudwatchRoleArn).toBe(value);
    return seed(world);
  };
}

async function newSocketStage(
  world: World,
  DefaultRouteSettings: RouteSettings,
  RouteSettings: Record<string, RouteSettings>,
  ProtocolType: 'WEBSOCKET' | 'HTTP' = 'WEBSOCKET',
): Promise<string> {
  const { ApiId } = await world.send(
    new CreateApiCommand({ Name: 'chat', ProtocolType, RouteSelectionExpression: '$request.body.action' }),
  );
  await world.send(new CreateWebSocketStageCommand({ ApiId, StageName: 'prod', DefaultRouteSettings, RouteSettings }));
  return `arn:aws:apigateway:${world.region}::/apis/${ApiId}/stages/prod`;
}

const socketSettingsOf = (world: World, arn: string) =>
  world.send(new GetWebSocketStageCommand({ ApiId: arn.split('/').at(-3), StageName: 'prod' }));

const place = { partition: 'aws', account: '111122223333', region: 'eu-west-1', id: 'prod' };
const rest = { ...place, type: restStage.type, arn: 'arn:aws:apigateway:eu-west-1::/restapis/a/stages/prod' };
const socket = { ...place, type: socketStage.type, arn: 'arn:aws:apigateway:eu-west-1::/apis/a/stages/prod' };
const context = { parameters: { loggingLevel: 'ERROR' as const }, detectedBy: 'APIGateway.1', now: new Date(0) };

it('takes back the settings of all methods where there were none', () => {
  expect(rule.plan(rest, { rest: { all: null, own: {}, traced: [] }, role: true }, context)).toMatchObject([
    {
      do: { input: { patchOperations: [{ op: 'replace', path: '/*/*/logging/loglevel', value: 'ERROR' }] } },
      undo: { input: { patchOperations: [{ op: 'remove', path: '/*/*' }] } },
    },
  ]);
});

it('sends of a WebSocket stage what changes alone', () => {
  const plan = rule.plan(socket, { socket: { all: { LoggingLevel: 'OFF' }, own: { a: { LoggingLevel: 'INFO' } } }, role: true }, context);
  expect(plan).toMatchObject([{ do: { input: { ApiId: 'a', StageName: 'prod', DefaultRouteSettings: { LoggingLevel: 'ERROR' } } } }]);
  expect(JSON.stringify(plan)).not.toContain('RouteSettings":{"a"');
  const own = rule.plan(socket, { socket: { all: { LoggingLevel: 'INFO' }, own: { a: { LoggingLevel: 'OFF' } } }, role: true }, context);
  expect(JSON.stringify(own)).not.toContain('DefaultRouteSettings');
});

it('says so where there is no such stage of a WebSocket API', async () => {
  const send = () => Promise.reject(Object.assign(new Error(), { name: 'NotFoundException' }));
  expect(await rule.inspect(socket, { send })).toBe(notFound);
});

it('lists WebSocket stages of all pages, and none of HTTP APIs', async () => {
  const aws = {
    async send({ input }: { input: { NextToken?: string; ApiId?: string; limit?: number } }) {
      if (input.limit) return {};
      const more = input.NextToken ? {} : { NextToken: 'more' };
      if (input.ApiId) return { Items: [{ StageName: input.NextToken ? 'two' : 'one' }], ...more };
      return {
        Items: [
          { ApiId: input.NextToken ? 'b' : 'a', ProtocolType: 'WEBSOCKET' },
          { ApiId: 'h', ProtocolType: 'HTTP' },
        ],
        ...more,
      };
    },
  } as never;
  const arn = (name: string) => `arn:aws:apigateway:eu-west-1::/apis/${name}`;
  expect(await rule.list?.(socket, aws)).toEqual(['a/stages/one', 'a/stages/two', 'b/stages/one', 'b/stages/two'].map(arn));
});
