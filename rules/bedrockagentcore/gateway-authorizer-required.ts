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
            .describe('The discovery URL of the token issuer.'),
          allowedAudience: names.describe('The allowed audiences of tokens.'),
          allowedClients: names.describe('The allowed client IDs.'),
        })
        .refine(({ allowedAudience, allowedClients }) => allowedAudience || allowedClients, {
          message: 'CUSTOM_JWT requires allowedAudience or allowedClients. Otherwise, any token of the issuer is accepted.',
        }),
    ])
    .describe('The authorizer: IAM (SigV4 signatures), or tokens (JWT) of an issuer.'),
});

/** `status`: the status of a gateway that does not accept changes now. */
type State = { readonly authorizer: string; readonly status?: string };

export default defineRule({
  id: 'bedrockagentcore-gateway-authorizer-required',
  title: 'Bedrock AgentCore gateways require authorization',
  why: 'Without an authorizer, anyone who knows the address of a gateway can call the tools behind it, with the permissions of the gateway.',
  impact: 'From now on, callers without a valid signature or token are denied.',
  severity: 'high',
  risk: 'disruptive',
  exposes: true,
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

  plan({ id }, { authorizer, status }, { parameters: { authorizer: expected } }) {
    if (authorizer !== 'NONE') return [];
    if (status !== undefined)
      return { blocked: `The gateway is ${status}. AgentCore accepts changes when it is ready again.`, code: 'being-modified' };
    const { authorizerType, ...customJWTAuthorizer } = expected;
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
