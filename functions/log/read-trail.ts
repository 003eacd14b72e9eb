import { type DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import type { LogEvent } from './event';
import { type ForgedRecord, readItem } from './read-item';
import { type Trail, trailKey } from './trail';

/** What a trail holds. */
export interface TrailContent {
  readonly trail: Trail;
  /** In order. */
  readonly events: readonly LogEvent[];
  /** Records that are not used. */
  readonly forged: readonly ForgedRecord[];
}

export async function readTrail(client: DynamoDBClient, table: string, trail: Trail): Promise<TrailContent> {
  const events: LogEvent[] = [];
  const forged: ForgedRecord[] = [];
  const pages = paginateQuery(
    { client },
    {
      TableName: table,
      KeyConditionExpression: 'trail = :trail',
      ExpressionAttributeValues: { ':trail': { S: trailKey(trail) } },
      ConsistentRead: true,
    },
  );
  for await (const { Items = [] } of pages) {
    for (const item of Items) {
      const read = readItem(item);
      if ('forged' in read) forged.push(read.forged);
      else events.push(read.event);
    }
  }
  return { trail, events, forged };
}
