import { AppSyncClient, GetGraphqlApiCommand, ListGraphqlApisCommand } from '@aws-sdk/client-appsync';
import * as z from 'zod';
import { undefinedOn } from '../absence';
import { isObject, type JsonObject, sameJson } from '../json';
import { collect } from '../pages';
import { defineRule, notFound, type Resource } from '../rule';
import { type Authentication, authenticationOf, SetAuthenticationCommand } from './graphql-api/authentication';
import { graphqlApi, graphqlApis } from './graphql-api/resource';

const parameters = z.strictObject({
  replacement: z
    .discriminatedUnion('authenticationType', [
      z.strictObject({ authenticationType: z.literal('AWS_IAM') }),
      z.strictObject({
        authenticationType: z.literal('AMAZON_COGNITO_USER_POOLS'),
        userPoolId: z
          .string()
          .regex(/^[a-z0-9-]+_[A-Za-z0-9]+$/)
          .describe('The user pool whose users have access.'),
        defaultAction: z
          .enum(['ALLOW', 'DENY'])
          .default('ALLOW')
          .describe('Whether users may call fields for which the schema names no group.'),
      }),
      z.strictObject({
        authenticationType: z.literal('OPENID_CONNECT'),
        issuer: z.url({ protocol: /^https$/ }).describe('The issuer of the OpenID Connect tokens.'),
        clientId: z.string().min(1).optional().describe('A pattern for the client IDs that tokens may have.'),
      }),
      z.strictObject({
        authenticationType: z.literal('AWS_LAMBDA'),
        authorizerUri: z
          .string()
          .regex(/^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9-_]+(:[A-Za-z0-9-_]+)?$/)
          .describe('The ARN of the Lambda authorizer. Its policy must allow AppSync to invoke it.'),
      }),
    ])
    .describe('The default authorization mode for APIs whose default is an API key.'),
});

type Replacement = z.infer<typeof parameters>['replacement'];

const key = 'API_KEY';

const anyButKeys = {
  unmappable: 'The rule sets the authorization type of the policy, whichever types the detector allows.',
  except: ['AWS_LAMBDA,AWS_IAM,OPENID_CONNECT,AMAZON_COGNITO_USER_POOLS'],
};

export default defineRule({
  id: 'appsync-graphql-api-keys-not-accepted',
  title: 'AppSync GraphQL APIs do not accept API keys',
  why: 'An API key does not identify the caller: it is part of the code of a web page or app, and anyone who has seen it can use it.',
  impact:
    'Clients that use an API key are denied until they authenticate in another way; the keys themselves are kept. AppSync rejects the change if the schema refers to API keys (`@aws_api_key`).',
  severity: 'high',
  risk: 'disruptive',
  resource: graphqlApi,
  property: 'AuthenticationType',
  detectedBy: { securityHub: ['AppSync.5'], config: ['appsync-authorization-check'] },
  detectorParameters: {
    'AppSync.5': { AllowedAuthorizationTypes: anyButKeys },
    'appsync-authorization-check': { AllowedAuthorizationTypes: anyButKeys },
  },
  permissions: {
    inspect: [
      { actions: ['appsync:GetGraphqlApi'], on: graphqlApis },
      // IAM offers no resource-level permission for it.
      { actions: ['appsync:ListGraphqlApis'], on: '*' },
    ],
    change: [
      { actions: ['appsync:UpdateGraphqlApi'], on: graphqlApis },
      // UpdateGraphqlApi sends the whole API, including the role that writes its logs or calls other APIs.
      {
        actions: ['iam:PassRole'],
        on: 'arn:{partition}:iam::{account}:role/*',
        condition: { StringEquals: { 'iam:PassedToService': 'appsync.amazonaws.com' } },
      },
    ],
  },
  clients: [AppSyncClient],
  commands: [SetAuthenticationCommand],
  parameters,

  async inspect({ id }, aws): Promise<Authentication | typeof notFound> {
    const found = await undefinedOn(['NotFoundException'], aws.send(new GetGraphqlApiCommand({ apiId: id })));
    return found?.graphqlApi ? authenticationOf(found.graphqlApi) : notFound;
  },

  plan(api, state, { parameters: { replacement } }) {
    const others = state.additional.filter(({ authenticationType }) => authenticationType !== key);
    const byKey = state.method['authenticationType'] === key;
    if (!byKey && others.length === state.additional.length) return [];
    const authentication = byKey ? promoted(methodOf(api, replacement), others) : { method: state.method, additional: others };
    const set = (to: Authentication, before: Authentication) => new SetAuthenticationCommand({ apiId: api.id, authentication: to, before });
    return [{ do: set(authentication, state), undo: set(state, authentication) }];
  },

  async list(_, aws) {
    const apis = await collect(
      (nextToken) => aws.send(new ListGraphqlApisCommand({ maxResults: 25, nextToken })),
      ({ graphqlApis: page }) => page,
      ({ nextToken }) => nextToken,
    );
    return apis.flatMap(({ apiId }) => apiId ?? []);
  },
});

function methodOf({ region }: Resource, replacement: Replacement): JsonObject {
  const { authenticationType } = replacement;
  switch (authenticationType) {
    case 'AWS_IAM':
      return { authenticationType };
    case 'AMAZON_COGNITO_USER_POOLS': {
      const { userPoolId, defaultAction } = replacement;
      return { authenticationType, userPoolConfig: { userPoolId, awsRegion: region, defaultAction } };
    }
    case 'OPENID_CONNECT': {
      const { issuer, clientId } = replacement;
      return { authenticationType, openIDConnectConfig: { issuer, ...(clientId && { clientId }) } };
    }
    case 'AWS_LAMBDA':
      return { authenticationType, lambdaAuthorizerConfig: { authorizerUri: replacement.authorizerUri } };
  }
}

/** The method as the default. AppSync rejects the same method twice, so an additional one that matches moves up with its settings. */
function promoted(method: JsonObject, additional: readonly JsonObject[]): Authentication {
  const there = additional.find((provider) => isSame(provider, method));
  if (!there) return { method, additional };
  const kept = Object.entries(method).map(([name, value]) => {
    const before = there[name];
    return [name, isObject(value) && isObject(before) ? { ...value, ...before } : value] as const;
  });
  return { method: Object.fromEntries(kept), additional: additional.filter((provider) => provider !== there) };
}

const isSame = (provider: JsonObject, method: JsonObject): boolean =>
  provider['authenticationType'] === method['authenticationType'] && sameJson(identityOf(provider), identityOf(method));

const identityOf = ({ userPoolConfig, openIDConnectConfig, lambdaAuthorizerConfig }: JsonObject) => [
  (userPoolConfig as JsonObject | undefined)?.['userPoolId'],
  (openIDConnectConfig as JsonObject | undefined)?.['issuer'],
  (lambdaAuthorizerConfig as JsonObject | undefined)?.['authorizerUri'],
];
