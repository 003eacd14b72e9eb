import { type AttributeValue, ConditionalCheckFailedException, type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../clock';
import { keys } from '../coordination/keys';
import type { Digest } from './digest';
import { forgetAfter, minuteOf } from './minute';

/** Records the outcomes beyond the message limit of a topic and minute, until they are sent as one digest. */
export interface Storm {
  /** Whether one more message is allowed in this minute; if not, `beyond` is the minute of the digest that includes it. */
  admit(request: Admission): Promise<{ readonly beyond?: string }>;
  /** Closes the minute and returns its digest; undefined if it was sent already. */
  close(topic: string, minute: string): Promise<Digest | undefined>;
  sent(topic: string, minute: string): Promise<void>;
}

export interface Admission {
  readonly topic: string;
  readonly perMinute: number;
  /** The category under which it is counted. */
  readonly what: string;
  readonly line: string;
  /** Schedules the digest of the minute. Idempotent. */
  readonly later: (minute: string) => Promise<void>;
}

type Expressions = Omit<UpdateItemCommand['input'], 'TableName' | 'Key'>;

/** The maximum number of lines in a digest. */
const maxLines = 20;
const prefix = 'of ';

export function dynamoStorm(client: DynamoDBClient, table: string, clock: Clock): Storm {
  return { admit, close, sent };

  function update(topic: string, minute: string, expressions: Expressions) {
    return updateMinute({ client, table }, { topic, minute }, expressions);
  }

  async function admit(request: Admission): Promise<{ readonly beyond?: string }> {
    const { topic, perMinute } = request;
    const now = clock.now();
    const minute = minuteOf(now);
    const forget = { ':forget': { N: forgetAfter(now, 2) } };
    const slot = await update(topic, minute, {
      UpdateExpression: 'ADD sent :one SET forget = :forget',
      ConditionExpression: 'attribute_not_exists(sent) OR sent < :max',
      ExpressionAttributeValues: { ...forget, ':one': { N: '1' }, ':max': { N: String(perMinute) } },
    });
    if (slot.taken) return {};
    // Schedule first, then record: a recorded outcome always has a digest.
    if (!slot.item.scheduled) {
      await request.later(minute);
      await update(topic, minute, { UpdateExpression: 'SET scheduled = :yes', ExpressionAttributeValues: { ':yes': { BOOL: true } } });
    }
    if (await put(request, minute)) return { beyond: minute };
    // The digest of that minute has been sent: use the present minute.
    return admit(request);
  }

  /** Counts it, with its line if there is room; false if the minute is closed. */
  async function put({ topic, what, line }: Admission, minute: string): Promise<boolean> {
    const count = {
      ExpressionAttributeNames: { '#what': `${prefix}${what}` },
      ExpressionAttributeValues: { ':one': { N: '1' } },
    };
    const open = 'attribute_not_exists(closed)';
    const withLine = await update(topic, minute, {
      UpdateExpression: 'ADD beyond :one, #what :one SET #lines = list_append(if_not_exists(#lines, :none), :line)',
      ConditionExpression: `${open} AND (attribute_not_exists(#lines) OR size(#lines) < :max)`,
      ExpressionAttributeNames: { ...count.ExpressionAttributeNames, '#lines': 'lines' },
      ExpressionAttributeValues: {
        ...count.ExpressionAttributeValues,
        ':none': { L: [] },
        ':line': { L: [{ S: line }] },
        ':max': { N: String(maxLines) },
      },
    });
    if (withLine.taken) return true;
    const counted = await update(topic, minute, { UpdateExpression: 'ADD beyond :one, #what :one', ConditionExpression: open, ...count });
    return counted.taken;
  }

  async function close(topic: string, minute: string): Promise<Digest | undefined> {
    const { item } = await update(topic, minute, {
      UpdateExpression: 'SET closed = if_not_exists(closed, :now)',
      ExpressionAttributeValues: { ':now': { S: clock.now().toISOString() } },
      ReturnValues: 'ALL_NEW',
    });
    if (item.digested || !item.beyond) return undefined;
    const counts = Object.entries(item)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => ({ what: name.slice(prefix.length), count: Number(value.N) }))
      .sort((a, b) => b.count - a.count || (a.what < b.what ? -1 : 1));
    return { minute, beyond: Number(item.beyond.N), counts, lines: (item.lines?.L ?? []).map(({ S = '' }) => S) };
  }

  async function sent(topic: string, minute: string): Promise<void> {
    await update(topic, minute, { UpdateExpression: 'SET digested = :yes', ExpressionAttributeValues: { ':yes': { BOOL: true } } });
  }
}

/** `taken`: whether the condition held; if not, `item` is as it was. */
async function updateMinute(
  { client, table }: { readonly client: DynamoDBClient; readonly table: string },
  { topic, minute }: { readonly topic: string; readonly minute: string },
  expressions: Expressions,
): Promise<{ readonly taken: boolean; readonly item: Record<string, AttributeValue> }> {
  try {
    const { Attributes = {} } = await client.send(
      new UpdateItemCommand({
        TableName: table,
        Key: { key: { S: keys.notifiedMinute(topic, minute) } },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        ...expressions,
      }),
    );
    return { taken: true, item: Attributes };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return { taken: false, item: error.Item ?? {} };
  }
}
