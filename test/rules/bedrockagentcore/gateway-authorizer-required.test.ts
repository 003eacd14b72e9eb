import {
  type AuthorizerType,
  BedrockAgentCoreControlClient,
  CreateGatewayCommand,
  GetGatewayCommand,
  UpdateGatewayCommand,
} from '@aws-sdk/client-bedrock-agentcore-control';
import { gateway } from '../../../rules/bedrockagentcore/gateway/resource';
import rule from '../../../rules/bedrockagentcore/gateway-authorizer-required';
import { type Change, notFound } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import { planOf } from '../../contract/plan-of';
import type { World } from '../../contract/scenario';
import { standIn } from '../../contract/stand-in';
import { letPass } from '../../emulator/models/judge';

// moto leaves a gateway that was changed in UPDATING.
standIn(BedrockAgentCoreControlClient, async (command, send) => {
  const answer = await send(command);
  return command instanceof GetGatewayCommand ? { ...answer, status: 'READY' } : answer;
});

const token = {
  authorizerType: 'CUSTOM_JWT' as const,
  discoveryUrl: 'https://login.example.com/.well-known/openid-configuration',
  allowedAudience: ['shop'],
};
const { authorizerType: _, ...customJWTAuthorizer } = token;

// moto's ids lack the name that AWS begins them with.
letPass(/^bedrockagentcorecontrol:\w+: input\.gatewayIdentifier does not match .*: "[0-9a-z]{10}"\.$/);

describeRule(rule, {
  parameters: { authorizer: { authorizerType: 'AWS_IAM' } },
  violations: {
    'a gateway that asks nobody': {
      seed: newGateway('NONE'),
      fixed: async (world, id) =>
        expect(await gatewayOf(world, id)).toMatchObject({
          authorizerType: 'AWS_IAM',
          description: 'The tools of the shop',
          roleArn: `arn:aws:iam::${world.account}:role/gateway`,
          protocolType: 'MCP',
        }),
    },
    'a gateway that is to ask for tokens': {
      seed: newGateway('NONE'),
      parameters: { authorizer: token },
      fixed: async (world, id) =>
        expect(await gatewayOf(world, id)).toMatchObject({
          authorizerType: 'CUSTOM_JWT',
          authorizerConfiguration: { customJWTAuthorizer },
        }),
    },
  },
  compliant: {
    'a gateway that asks for a signature': { seed: newGateway('AWS_IAM') },
    'a gateway that asks for tokens': { seed: newGateway('CUSTOM_JWT') },
  },
  obstacles: {
    'nothing to ask for': { seed: newGateway('NONE'), parameters: { authorizer: { authorizerType: 'NONE' } }, outcome: 'not-configured' },
    'tokens for anything': {
      seed: newGateway('NONE'),
      parameters: { authorizer: { authorizerType: 'CUSTOM_JWT', discoveryUrl: token.discoveryUrl } },
      outcome: 'not-configured',
      reason: /allowedAudience or allowedClients/,
    },
  },
  missing: 'nosuchgateway-0123456789',
});

const place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };
const resource = {
  ...place,
  type: gateway.type,
  id: 'shop-0123456789',
  arn: 'arn:aws:bedrock-agentcore:eu-west-1:111122223333:gateway/shop-0123456789',
};
const context = { parameters: { authorizer: { authorizerType: 'AWS_IAM' as const } }, detectedBy: 'BedrockAgentCore.2', now: new Date(0) };
const seen = (status: string, authorizerType = 'NONE') =>
  rule.inspect(resource, { send: async () => ({ status, authorizerType }) as never });

it.each(['CREATING', 'UPDATING'])('waits while a gateway is %s', async (status) => {
  expect(planOf(rule, resource, await seen(status), context)).toEqual({ blocked: expect.stringContaining(status), code: 'being-modified' });
  expect(await seen(status, 'AWS_IAM')).toEqual({ authorizer: 'AWS_IAM' });
});

it('tries again where an update failed', async () => {
  expect(planOf(rule, resource, await seen('UPDATE_UNSUCCESSFUL'), context)).toHaveLength(1);
});

it('takes a gateway that is being deleted for gone', async () => {
  expect(await seen('DELETING')).toBe(notFound);
});

it('takes the authorizer away again by a rollback, and its configuration', () => {
  const plan = rule.plan(resource, { authorizer: 'NONE' }, { ...context, parameters: { authorizer: token } });
  expect(plan).toMatchObject([
    {
      do: {
        input: {
          gatewayIdentifier: 'shop-0123456789',
          authorizerType: 'CUSTOM_JWT',
          authorizerConfiguration: { customJWTAuthorizer },
          before: 'NONE',
        },
      },
      undo: { input: { gatewayIdentifier: 'shop-0123456789', authorizerType: 'NONE', before: 'CUSTOM_JWT' } },
    },
  ]);
});

it('changes nothing where somebody has set an authorizer since', async () => {
  const [change] = rule.plan(resource, { authorizer: 'NONE' }, context) as readonly Change[];
  const stack = { concat: () => ({ resolve: () => async () => ({ output: { authorizerType: 'CUSTOM_JWT' } }) }) };
  const update = jest.spyOn(UpdateGatewayCommand.prototype, 'resolveMiddleware');
  await expect(change?.do.resolveMiddleware(stack as never, { requestHandler: {} } as never)({} as never)).rejects.toThrow(
    'changed from NONE to CUSTOM_JWT since the inspection',
  );
  expect(update).not.toHaveBeenCalled();
  update.mockRestore();
});

it('lists the gateways of all pages', async () => {
  const aws = {
    async send({ input }: { input: { nextToken?: string } }) {
      return input.nextToken ? { items: [{ gatewayId: 'b' }] } : { items: [{ gatewayId: 'a' }], nextToken: 'more' };
    },
  } as never;
  expect(await rule.list?.(place, aws)).toEqual(['a', 'b']);
});

function newGateway(authorizerType: AuthorizerType) {
  return async (world: World): Promise<string> => {
    const { gatewayId = '' } = await world.send(
      new CreateGatewayCommand({
        name: `shop${Math.random().toString(36).slice(2)}`,
        roleArn: `arn:aws:iam::${world.account}:role/gateway`,
        protocolType: 'MCP',
        authorizerType,
        description: 'The tools of the shop',
      }),
    );
    return gatewayId;
  };
}

const gatewayOf = (world: World, gatewayIdentifier: string) => world.send(new GetGatewayCommand({ gatewayIdentifier }));
