import { ListTagsOfResourceCommand } from '@aws-sdk/client-dynamodb';
import { undefinedOn } from '../../absence';
import { collect } from '../../pages';
import type { ResourceKind } from '../../rule';

/** The ARNs of tables, for grants. */
export const tables = 'arn:{partition}:dynamodb:{region}:{account}:table/*';

/** A table, by its name. */
export const table: ResourceKind = {
  type: 'AWS::DynamoDB::Table',
  arn: 'arn:{partition}:dynamodb:{region}:{account}:table/{id}',
  ownNames: [{ pattern: 'posture-*', what: 'a table of this product', contained: 'asks' }],
  scope: 'regional',
  changedBy: {
    service: 'dynamodb',
    calls: {
      'requestParameters.tableName': ['CreateTable', 'UpdateTable', 'UpdateContinuousBackups'],
    },
  },
  target: ({ id }) => ({ TableName: id }),
  permissions: [{ actions: ['dynamodb:ListTagsOfResource'], on: tables }],

  async tags({ arn }, aws) {
    const tags = collect(
      (NextToken) => aws.send(new ListTagsOfResourceCommand({ ResourceArn: arn, NextToken })),
      ({ Tags }) => Tags,
      ({ NextToken }) => NextToken,
    );
    return Object.fromEntries(
      ((await undefinedOn(['ResourceNotFoundException'], tags)) ?? []).map(({ Key = '', Value = '' }) => [Key, Value]),
    );
  },
};
