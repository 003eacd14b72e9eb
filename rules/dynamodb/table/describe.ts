import { DescribeTableCommand, ListTablesCommand, type TableDescription } from '@aws-sdk/client-dynamodb';
import { undefinedOn } from '../../absence';
import { collect } from '../../pages';
import type { Aws, Grant, Place } from '../../rule';

/** A table; undefined if it does not exist or is being deleted. */
export async function describeTable(TableName: string, aws: Aws): Promise<TableDescription | undefined> {
  const answer = await undefinedOn(['ResourceNotFoundException'], aws.send(new DescribeTableCommand({ TableName })));
  return answer?.Table?.TableStatus === 'DELETING' ? undefined : answer?.Table;
}

/** The permissions that `listTables` needs. */
export const listing: Grant = { actions: ['dynamodb:ListTables'], on: '*' };

/** The names of the tables of an account and region. */
export const listTables = (_: Place, aws: Aws): Promise<readonly string[]> =>
  collect(
    (ExclusiveStartTableName) => aws.send(new ListTablesCommand({ ExclusiveStartTableName })),
    ({ TableNames }) => TableNames,
    ({ LastEvaluatedTableName }) => LastEvaluatedTableName,
  );
