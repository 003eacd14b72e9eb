import { gunzipSync, gzipSync } from 'node:zlib';
import { type AttributeValue, ConditionalCheckFailedException, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { describe } from '../aws/error';
import type { Clock } from '../clock';
import { minutes } from '../duration';
import { hashOfContent } from '../policy/content';
import { getItems, type Item } from './get-items';
import { orderKeys } from './keys';

/** The policy in force, copied from AppConfig. */
export interface PolicyCopy {
  /** `<application>/<environment>/<profile>` in AppConfig. */
  readonly configuration: string;
  /** The very text that AppConfig has deployed. */
  readonly content: string;
  /** The version of the content in AppConfig, if it is known. */
  readonly version?: string;
  /** Who copied it: the control function, with its version. */
  readonly by: string;
}

/** What AppConfig had in force when it was asked. A copy is used only while it is what was found there. */
export interface PolicyCheck {
  readonly configuration: string;
  /** SHA-256 of the content; '' if none is deployed. */
  readonly hash: string;
  /** ISO 8601: the moment before AppConfig was asked. */
  readonly at: string;
  readonly by: string;
}

/** How old a check may be, and how far ahead the clock that it was made by. */
const maxAge = minutes(5);
const maxAhead = minutes(1);

/** DynamoDB rejects items over 400 KB; the margin is for the other attributes. */
const maxCompressed = 390_000;
/** More than AppConfig hosts; what somebody else wrote could exhaust the memory. */
const maxContent = 8_000_000;

/** An item as DynamoDB stores it. */
type StoredItem = Record<string, AttributeValue>;

/** The item of a copy; undefined if the content is too large for an item, even compressed. */
export function itemOfCopy({ configuration, content, version, by }: PolicyCopy, at: Date): StoredItem | undefined {
  const compressed = gzipSync(content);
  if (compressed.byteLength > maxCompressed || Buffer.byteLength(content) > maxContent) return undefined;
  const item = {
    key: orderKeys.policy,
    configuration,
    hash: hashOfContent(content),
    content: compressed,
    version,
    by,
    at: at.toISOString(),
  };
  return marshall(item, { removeUndefinedValues: true });
}

/** The content of an item; otherwise a sentence why it can't be used. An item is data: whoever wrote it, its hash is computed again. */
export function contentOf(item: Item | undefined, { configuration, hash }: Pick<PolicyCheck, 'configuration' | 'hash'>): Content {
  if (!item) return { unusable: 'There is no copy of the policy.' };
  if (item.configuration !== configuration) return { unusable: 'The copy of the policy is of another configuration.' };
  if (item.hash !== hash) return { unusable: 'The copy of the policy is not what AppConfig has in force.' };
  try {
    const content = gunzipSync(item.content as Uint8Array, { maxOutputLength: maxContent }).toString();
    return hashOfContent(content) === hash ? { content } : { unusable: 'The copy of the policy does not have its hash.' };
  } catch (error) {
    return { unusable: `The copy of the policy can't be read: ${describe(error)}.` };
  }
}

export type Content = { readonly content: string } | { readonly unusable: string };

/** The check that an item holds, if it is one of this configuration and recent; otherwise a sentence why it can't be used. */
export function checkOf(item: Item | undefined, configuration: string, now: Date): PolicyCheck | { readonly unusable: string } {
  if (!item) return { unusable: 'The copy of the policy was never checked.' };
  const { hash, at, by } = item;
  if (item.configuration !== configuration) return { unusable: 'The copy of the policy was checked for another configuration.' };
  const age = now.getTime() - Date.parse(String(at));
  if (Number.isNaN(age) || age > maxAge)
    return { unusable: `The copy of the policy was last checked at ${at}, more than five minutes ago.` };
  if (age < -maxAhead) return { unusable: `The copy of the policy was checked at ${at}, which is in the future.` };
  return { configuration, hash: String(hash), at: String(at), by: String(by) };
}

/** Until when a check may be used. */
export const endOfCheck = ({ at }: PolicyCheck): number => Date.parse(at) + maxAge;

export interface PolicyItems {
  readonly policy: Item | undefined;
  readonly check: Item | undefined;
}

/** Reads both items, or the check alone; strongly consistent. */
export async function readPolicyItems(client: DynamoDBClient, orders: string, clock: Clock, which: 'both' | 'check'): Promise<PolicyItems> {
  const wanted = which === 'both' ? [orderKeys.policyCheck, orderKeys.policy] : [orderKeys.policyCheck];
  const { [orders]: items } = await getItems(client, { [orders]: wanted }, clock);
  return { policy: items?.get(orderKeys.policy), check: items?.get(orderKeys.policyCheck) };
}

/** Records an item unless a later one is there. A time in the future, by a wrong clock, keeps nothing from being recorded. */
export async function putUnlessLater(client: DynamoDBClient, orders: string, item: StoredItem, now: Date): Promise<void> {
  const ahead = new Date(now.getTime() + maxAhead).toISOString();
  try {
    await client.send(
      new PutItemCommand({
        TableName: orders,
        Item: item,
        ConditionExpression: 'attribute_not_exists(#at) OR NOT attribute_type(#at, :text) OR #at <= :at OR #at > :ahead',
        ExpressionAttributeNames: { '#at': 'at' },
        ExpressionAttributeValues: { ':at': item.at ?? { S: '' }, ':ahead': { S: ahead }, ':text': { S: 'S' } },
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}
