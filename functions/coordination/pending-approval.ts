import { DeleteItemCommand, type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { RetryMessage } from '../findings/retry-message';
import { forgetAt, keys } from './keys';
import type { Ask } from './recorded-state';

/** A plan that waits, with what brings it back once it is approved. */
export interface OpenAsk extends Ask {
  readonly message: RetryMessage;
  /** ARN of the person who asked for the fix, where a person did. */
  readonly requestedBy?: string;
  /** ARN of who changed the resource last, where CloudTrail told. */
  readonly changedBy?: string;
}

/** Puts the plan on record; one for the same rule and resource that was there before is no more. */
export async function putAsk(
  client: DynamoDBClient,
  table: string,
  { rule, resource, ask }: { readonly rule: string; readonly resource: string; readonly ask: OpenAsk },
): Promise<void> {
  const Item = marshall(
    { ...ask, message: JSON.stringify(ask.message), key: keys.ask(rule, resource), forget: forgetAt(new Date(ask.expires), 30) },
    { removeUndefinedValues: true },
  );
  await client.send(new PutItemCommand({ TableName: table, Item }));
}

/** The plan of the rule for the resource that waits, or waited until it was answered or has expired. */
export async function getAsk(client: DynamoDBClient, table: string, rule: string, resource: string): Promise<OpenAsk | undefined> {
  const { Item } = await client.send(
    new GetItemCommand({ TableName: table, Key: { key: { S: keys.ask(rule, resource) } }, ConsistentRead: true }),
  );
  if (!Item) return undefined;
  const { key: _, forget: __, message, ...ask } = unmarshall(Item);
  return { ...ask, message: JSON.parse(message) } as OpenAsk;
}

/** The plan waits no more: it was rejected. */
export async function removeAsk(client: DynamoDBClient, table: string, rule: string, resource: string): Promise<void> {
  await client.send(new DeleteItemCommand({ TableName: table, Key: { key: { S: keys.ask(rule, resource) } } }));
}
