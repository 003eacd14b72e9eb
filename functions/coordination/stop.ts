import { DeleteItemCommand, type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { retryContention } from '../aws/contention';
import type { Clock } from '../clock';
import type { Attribution } from '../decision/facts';
import { orderKeys } from './keys';

/** Stops all changes, effective immediately: every worker reads it right before its first change. */
export async function putStop(client: DynamoDBClient, table: string, attribution: Attribution, clock: Clock): Promise<void> {
  const put = new PutItemCommand({ TableName: table, Item: marshall({ key: orderKeys.stop, ...attribution }) });
  await retryContention(() => client.send(put), clock);
}

/** Who stopped all changes, if they are stopped. */
export async function getStop(client: DynamoDBClient, table: string): Promise<Attribution | undefined> {
  const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: { key: { S: orderKeys.stop } }, ConsistentRead: true }));
  return Item && (unmarshall(Item) as Attribution);
}

/** Allows changes again. */
export async function removeStop(client: DynamoDBClient, table: string, clock: Clock): Promise<void> {
  await retryContention(() => client.send(new DeleteItemCommand({ TableName: table, Key: { key: { S: orderKeys.stop } } })), clock);
}
