import { GetGraphqlApiCommand, type GraphqlApi, UpdateGraphqlApiCommand } from '@aws-sdk/client-appsync';
import { amend } from '../../amendment';
import { type JsonObject, sameJson } from '../../json';

/** The authorization modes of a GraphQL API: the default one, used where the schema names no other, and the additional ones. */
export type Authentication = { readonly method: JsonObject; readonly additional: readonly JsonObject[] };

/** The authorization modes of a GraphQL API, without unset members. */
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
  /** The modes that the inspection saw. */
  readonly before: Authentication;
}

/** Changes the authorization modes of a GraphQL API, and nothing else. */
export const SetAuthenticationCommand = amend<Change>(UpdateGraphqlApiCommand, async ({ apiId, authentication, before }, aws) => {
  const { graphqlApi: api } = await aws.send(new GetGraphqlApiCommand({ apiId }));
  if (!api || !sameJson(authenticationOf(api), before))
    throw new Error(`The authorization modes of ${apiId} have changed since the inspection. Nothing was changed.`);
  const none = { userPoolConfig: undefined, openIDConnectConfig: undefined, lambdaAuthorizerConfig: undefined };
  const { method, additional } = authentication;
  return new UpdateGraphqlApiCommand({ ...api, ...none, ...method, additionalAuthenticationProviders: additional, apiId } as never);
});
