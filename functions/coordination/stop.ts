import { DeleteItemCommand, type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { throughCrowd } from '../aws/contention';
import type { Clock } from '../clock';
import type { Word } from '../decision/facts';
import { keys } from './keys';

/** Stops all changes, from this moment on: every permit is held against it. */
export async function putStop(client: DynamoDBClient, table: string, word: Word, clock: Clock): Promise<void> {
  // Every permit looks at it, and a storm of them must not keep it out.
  await throughCrowd(() => client.send(new PutItemCommand({ TableName: table, Item: marshall({ key: keys.stop, ...word }) })), clock);
}

/** Who stopped all changes, while that holds. */
export async function getStop(client: DynamoDBClient, table: string): Promise<Word | undefined> {
  const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: { key: { S: keys.stop } }, ConsistentRead: true }));
  return Item && (unmarshall(Item) as Word);
}

/** Lets changes be made again. */
export async function removeStop(client: DynamoDBClient, table: string, clock: Clock): Promise<void> {
  await throughCrowd(() => client.send(new DeleteItemCommand({ TableName: table, Key: { key: { S: keys.stop } } })), clock);
}
