import { BedrockAgentCoreControlClient, GetGatewayCommand, ListGatewaysCommand } from '@aws-sdk/client-bedrock-agentcore-control';
import * as z from 'zod';
import { undefinedOn } from '../absence';
import { collect } from '../pages';
import { defineRule, notFound } from '../rule';
import { SetAuthorizerCommand } from './gateway/authorizer';
import { gateway, gateways } from './gateway/resource';
import { rolePassing } from './role/passing';
import { busy } from './status/busy';

const names = z.array(z.string().min(1)).min(1).optional();

const parameters = z.strictObject({
  authorizer: z
    .discriminatedUnion('authorizerType', [
      z.strictObject({ authorizerType: z.literal('AWS_IAM') }),
      z
        .strictObject({
          authorizerType: z.literal('CUSTOM_JWT'),
          discoveryUrl: z
            .url({ protocol: /^https$/ })
            .regex(/\/\.well-known\/openid-configuration$/)
            .describe('Where the issuer of the tokens tells of itself.'),
          allowedAudience: names.describe('The audiences that tokens may be for.'),
          allowedClients: names.describe('The clients that may call.'),
        })
        .refine(({ allowedAudience, allowedClients }) => allowedAudience || allowedClients, {
          message: 'Name allowedAudience or allowedClients: otherwise a token that the issuer made for anything would do.',
        }),
    ])
    .describe('How callers prove who they are: by a signature of AWS, or by a token of an issuer.'),
});

/** The status is that of a gateway that takes no changes now. */
type State = { readonly authorizer: string; readonly status?: string };

export default defineRule({
  id: 'bedrockagentcore-gateway-authorizer-required',
  title: 'Gateways of Bedrock AgentCore ask callers who they are',
  why: 'Without an authorizer, whoever knows its address calls the tools behind a gateway, with the rights of the gateway.',
  impact: 'Callers without a signature of AWS, or a token of the issuer, as the parameter says, are refused from then on.',
  severity: 'high',
  risk: 'disruptive',
  resource: gateway,
  property: 'AuthorizerType',
  detectedBy: { securityHub: ['BedrockAgentCore.2'], config: ['bedrockagentcore-gateway-authorizer-enabled'] },
  permissions: {
    inspect: [
      { actions: ['bedrock-agentcore:GetGateway'], on: gateways },
      // IAM offers no resource-level permission for it.
      { actions: ['bedrock-agentcore:ListGateways'], on: '*' },
    ],
    change: [{ actions: ['bedrock-agentcore:UpdateGateway'], on: gateways }, rolePassing],
  },
  clients: [BedrockAgentCoreControlClient],
  commands: [SetAuthorizerCommand],
  parameters,
  settle: 300,

  async inspect({ id }, aws): Promise<State | typeof notFound> {
    const found = await undefinedOn(['ResourceNotFoundException'], aws.send(new GetGatewayCommand({ gatewayIdentifier: id })));
    if (!found || found.status === 'DELETING') return notFound;
    const authorizer = found.authorizerType ?? 'unknown';
    return { authorizer, ...(authorizer === 'NONE' && busy(found.status)) };
  },

  plan({ id }, { authorizer, status }, { parameters: { authorizer: wished } }) {
    if (authorizer !== 'NONE') return [];
    if (status !== undefined) return { blocked: `The gateway is ${status}.` };
    const { authorizerType, ...customJWTAuthorizer } = wished;
    const own = 'discoveryUrl' in customJWTAuthorizer ? { authorizerConfiguration: { customJWTAuthorizer } } : {};
    return [
      {
        do: new SetAuthorizerCommand({ gatewayIdentifier: id, authorizerType, ...own, before: 'NONE' }),
        undo: new SetAuthorizerCommand({ gatewayIdentifier: id, authorizerType: 'NONE', before: authorizerType }),
      },
    ];
  },

  async list(_, aws) {
    const found = await collect(
      (nextToken) => aws.send(new ListGatewaysCommand({ maxResults: 100, nextToken })),
      ({ items }) => items,
      ({ nextToken }) => nextToken,
    );
    return found.flatMap(({ gatewayId }) => gatewayId ?? []);
  },
});
