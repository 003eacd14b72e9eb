import { type DynamoDBClient, paginateQuery, paginateScan } from '@aws-sdk/client-dynamodb';
import { findTrails } from '../../../log/find-trails';
import type { Item } from '../../../log/item';
import { trailKey } from '../../../log/trail';
import type { Question } from '../../../seal/verify/question';

/** The items of the log table that the question is about. Only for a remediation are there keys: everything else is a scan of the table. */
export async function* tableItems(
  client: DynamoDBClient,
  table: string,
  of: Question['of'],
  trails: readonly string[],
): AsyncGenerator<Item> {
  if (of !== 'all' && 'remediation' in of) {
    const named = await findTrails(client, table, of);
    for (const key of new Set([...trails, ...named.trails.map(trailKey)])) yield* trailItems(key);
    return;
  }
  const span = of !== 'all' && {
    FilterExpression: '#time BETWEEN :since AND :until',
    ExpressionAttributeNames: { '#time': 'time' },
    ExpressionAttributeValues: { ':since': { S: of.since }, ':until': { S: of.until } },
  };
  for await (const { Items = [] } of paginateScan({ client }, { TableName: table, ConsistentRead: true, ...span })) yield* Items;

  async function* trailItems(key: string): AsyncGenerator<Item> {
    const pages = paginateQuery(
      { client },
      {
        TableName: table,
        KeyConditionExpression: 'trail = :trail',
        ExpressionAttributeValues: { ':trail': { S: key } },
        ConsistentRead: true,
      },
    );
    for await (const { Items = [] } of pages) yield* Items;
  }
}
