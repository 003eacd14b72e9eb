import { DeleteItemCommand, type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Attribution } from '../decision/facts';
import { forgetAt, keys } from './keys';

/** Has the rule leave the resource alone until that time, ISO 8601. */
export async function putHold(
  client: DynamoDBClient,
  table: string,
  { rule, resource, attribution, until }: { readonly rule: string; readonly resource: string; readonly attribution: Attribution; readonly until: string },
): Promise<void> {
  const Item = marshall({ key: keys.hold(rule, resource), ...attribution, until, forget: forgetAt(new Date(until), 1) });
  await client.send(new PutItemCommand({ TableName: table, Item }));
}

/** Whether the rule is kept from the resource, or was until its time was over. */
export async function isHeld(client: DynamoDBClient, table: string, rule: string, resource: string): Promise<boolean> {
  const { Item } = await client.send(
    new GetItemCommand({ TableName: table, Key: { key: { S: keys.hold(rule, resource) } }, ConsistentRead: true }),
  );
  return Item !== undefined;
}

/** Lets the rule fix the resource again. */
export async function removeHold(client: DynamoDBClient, table: string, rule: string, resource: string): Promise<void> {
  await client.send(new DeleteItemCommand({ TableName: table, Key: { key: { S: keys.hold(rule, resource) } } }));
}
