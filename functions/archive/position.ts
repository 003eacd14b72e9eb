import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { keys } from '../coordination/keys';

/** Up to which time all events of the log are known to be in the archive. */
export interface CheckPosition {
  read(): Promise<Date | undefined>;
  save(until: Date): Promise<void>;
}

const time = z.iso.datetime().transform((text) => new Date(text));

/** In the item `archive-check` of the coordination table. What can't be read begins anew: nothing is lost by it. */
export function dynamoCheckPosition(client: DynamoDBClient, table: string): CheckPosition {
  const Key = { key: { S: keys.archiveCheck } };
  return {
    async read() {
      const { Item } = await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }));
      return time.safeParse(Item?.until?.S).data;
    },
    async save(until) {
      await client.send(new PutItemCommand({ TableName: table, Item: { ...Key, until: { S: until.toISOString() } } }));
    },
  };
}
