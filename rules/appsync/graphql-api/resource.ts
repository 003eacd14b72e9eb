import { GetGraphqlApiCommand } from '@aws-sdk/client-appsync';
import { undefinedOn } from '../../absence';
import type { ResourceKind } from '../../rule';

/** The ARNs of GraphQL APIs, for grants. */
export const graphqlApis = 'arn:{partition}:appsync:{region}:{account}:apis/*';

/** A GraphQL API, by its id. */
export const graphqlApi: ResourceKind = {
  type: 'AWS::AppSync::GraphQLApi',
  arn: 'arn:{partition}:appsync:{region}:{account}:apis/{id}',
  scope: 'regional',
  target: ({ id }) => ({ apiId: id }),
  permissions: [{ actions: ['appsync:GetGraphqlApi'], on: graphqlApis }],

  async tags({ id }, aws) {
    const found = await undefinedOn(['NotFoundException'], aws.send(new GetGraphqlApiCommand({ apiId: id })));
    return found?.graphqlApi?.tags ?? {};
  },
};
