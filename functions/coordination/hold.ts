import { DeleteItemCommand, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Word } from '../decision/facts';
import { forgetAt, keys } from './keys';

/** Has the rule leave the resource alone until that time, ISO 8601. */
export async function putHold(
  client: DynamoDBClient,
  table: string,
  { rule, resource, word, until }: { readonly rule: string; readonly resource: string; readonly word: Word; readonly until: string },
): Promise<void> {
  const Item = marshall({ key: keys.hold(rule, resource), ...word, until, forget: forgetAt(new Date(until), 1) });
  await client.send(new PutItemCommand({ TableName: table, Item }));
}

/** Lets the rule fix the resource again. Whether it was held. */
export async function removeHold(client: DynamoDBClient, table: string, rule: string, resource: string): Promise<boolean> {
  const { Attributes } = await client.send(
    new DeleteItemCommand({ TableName: table, Key: { key: { S: keys.hold(rule, resource) } }, ReturnValues: 'ALL_OLD' }),
  );
  return Attributes !== undefined;
}
