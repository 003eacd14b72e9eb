import { type AttributeValue, type DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import { openIndex } from './keys';

/** The items that the index has of the kind, the oldest first; `before`: only those that are open since before then. */
export async function* openItems(
  client: DynamoDBClient,
  table: string,
  { kind, before }: { readonly kind: Exclude<keyof typeof openIndex, 'name'>; readonly before?: Date },
): AsyncGenerator<Record<string, AttributeValue>> {
  const pages = paginateQuery(
    { client },
    {
      TableName: table,
      IndexName: openIndex.name,
      KeyConditionExpression: `#open = :kind${before ? ' AND since < :before' : ''}`,
      ExpressionAttributeNames: { '#open': 'open' },
      ExpressionAttributeValues: { ':kind': { S: openIndex[kind] }, ...(before && { ':before': { S: before.toISOString() } }) },
    },
  );
  for await (const { Items = [] } of pages) yield* Items;
}
