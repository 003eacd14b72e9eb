import { DeleteItemCommand, type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { valuesOf } from '../aws/values-of';
import type { RetryMessage } from '../findings/retry-message';
import { forgetAt, keys } from './keys';
import type { Ask } from './recorded-state';

/** A plan that awaits approval, with the message that continues it once it is approved. */
export interface OpenAsk extends Ask {
  readonly message: RetryMessage;
  /** The ARN of the operator who requested the fix, if one did. */
  readonly requestedBy?: string;
  /** The ARN of the principal that made the last change, if CloudTrail has it. */
  readonly changedBy?: string;
}

/** Records the plan; it replaces an earlier one for the same rule and resource. */
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

/** The latest plan of the rule for the resource that required approval; it may be expired. */
export async function getAsk(client: DynamoDBClient, table: string, rule: string, resource: string): Promise<OpenAsk | undefined> {
  const { Item } = await client.send(
    new GetItemCommand({ TableName: table, Key: { key: { S: keys.ask(rule, resource) } }, ConsistentRead: true }),
  );
  if (!Item) return undefined;
  const { key: _, forget: __, message, ...ask } = valuesOf(Item);
  return { ...ask, message: JSON.parse(String(message)) } as OpenAsk;
}

/** Removes a rejected plan. */
export async function removeAsk(client: DynamoDBClient, table: string, rule: string, resource: string): Promise<void> {
  await client.send(new DeleteItemCommand({ TableName: table, Key: { key: { S: keys.ask(rule, resource) } } }));
}
