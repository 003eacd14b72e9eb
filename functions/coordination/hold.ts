import { DeleteItemCommand, type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Attribution } from '../decision/facts';
import { forgetAt, orderKeys } from './keys';

/** Keeps the rule from changing the resource until that time, ISO 8601. */
export async function putHold(
  client: DynamoDBClient,
  table: string,
  {
    rule,
    resource,
    attribution,
    until,
  }: { readonly rule: string; readonly resource: string; readonly attribution: Attribution; readonly until: string },
): Promise<void> {
  const Item = marshall({ key: orderKeys.hold(rule, resource), ...attribution, until, forget: forgetAt(new Date(until), 1) });
  await client.send(new PutItemCommand({ TableName: table, Item }));
}

/** Whether there is a hold, which may have expired. */
export async function isHeld(client: DynamoDBClient, table: string, rule: string, resource: string): Promise<boolean> {
  const { Item } = await client.send(
    new GetItemCommand({ TableName: table, Key: { key: { S: orderKeys.hold(rule, resource) } }, ConsistentRead: true }),
  );
  return Item !== undefined;
}

/** Allows the rule to fix the resource again. */
export async function removeHold(client: DynamoDBClient, table: string, rule: string, resource: string): Promise<void> {
  await client.send(new DeleteItemCommand({ TableName: table, Key: { key: { S: orderKeys.hold(rule, resource) } } }));
}
