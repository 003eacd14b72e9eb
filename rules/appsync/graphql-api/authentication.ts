import { GetGraphqlApiCommand, type GraphqlApi, UpdateGraphqlApiCommand } from '@aws-sdk/client-appsync';
import { amend } from '../../amendment';
import { type JsonObject, sameJson } from '../../json';

/** How callers of a GraphQL API prove who they are: by the first method where its schema names no other, and by the additional ones. */
export type Authentication = { readonly method: JsonObject; readonly additional: readonly JsonObject[] };

/** What of a GraphQL API is about authentication, and what is not there left out. */
export const authenticationOf = (api: GraphqlApi): Authentication => ({
  method: present({
    authenticationType: api.authenticationType,
    userPoolConfig: api.userPoolConfig,
    openIDConnectConfig: api.openIDConnectConfig,
    lambdaAuthorizerConfig: api.lambdaAuthorizerConfig,
  }),
  additional: (api.additionalAuthenticationProviders ?? []).map((provider) => present({ ...provider })),
});

const present = (value: object): JsonObject => JSON.parse(JSON.stringify(value, (_, part) => part ?? undefined)) as JsonObject;

interface Change {
  readonly apiId: string;
  readonly authentication: Authentication;
  /** What it was when it was looked at. */
  readonly before: Authentication;
}

/** Changes how callers of a GraphQL API prove who they are, and nothing else of it. */
export const SetAuthenticationCommand = amend<Change>(UpdateGraphqlApiCommand, async ({ apiId, authentication, before }, aws) => {
  const { graphqlApi: api } = await aws.send(new GetGraphqlApiCommand({ apiId }));
  if (!api || !sameJson(authenticationOf(api), before))
    throw new Error(`Somebody has changed the authentication of ${apiId} since it was looked at. Nothing was changed.`);
  const none = { userPoolConfig: undefined, openIDConnectConfig: undefined, lambdaAuthorizerConfig: undefined };
  const { method, additional } = authentication;
  return new UpdateGraphqlApiCommand({ ...api, ...none, ...method, additionalAuthenticationProviders: additional, apiId } as never);
});
