import { type AttributeValue, BatchGetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { valuesOf } from '../aws/values-of';
import { poll } from '../backoff';
import type { Clock } from '../clock';

export type Item = Readonly<Record<string, unknown>>;

/** Milliseconds before the next attempt for keys that DynamoDB did not process. */
const pauses = [20, 40, 80, 160, 320, 640, 1000];

/** The maximum number of keys in one call. */
export const maxKeys = 100;

type Wanted = Readonly<Record<string, readonly string[]>>;

/** The existing items of these keys, by table, in one call and strongly consistent. */
export async function getItems<Names extends Wanted>(
  client: DynamoDBClient,
  wanted: Names,
  clock: Clock,
): Promise<{ readonly [Table in keyof Names]: ReadonlyMap<string, Item> }> {
  const items = new Map<string, Map<string, Item>>(Object.keys(wanted).map((table) => [table, new Map()]));
  let left = requestsFor(wanted);
  const count = () => Object.values(left).reduce((sum, { Keys }) => sum + Keys.length, 0);
  const all = count();
  await poll(getSome, () => count() === 0, { clock, pauses, jitter: true });
  // An unread key must not be treated as absent.
  if (count() > 0) throw new Error(`DynamoDB did not return ${count()} of ${all} keys of the tables ${Object.keys(wanted).join(', ')}.`);
  return Object.fromEntries(items) as unknown as { readonly [Table in keyof Names]: ReadonlyMap<string, Item> };

  async function getSome(): Promise<void> {
    const { Responses = {}, UnprocessedKeys = {} } = await client.send(new BatchGetItemCommand({ RequestItems: left }));
    for (const [table, found] of Object.entries(Responses))
      for (const item of found) items.get(table)?.set(item.key?.S ?? '', valuesOf(item));
    left = Object.fromEntries(
      Object.entries(UnprocessedKeys).map(([table, { Keys = [] }]) => [table, { Keys: [...Keys], ConsistentRead: true }]),
    );
  }
}

interface Request {
  readonly Keys: Record<string, AttributeValue>[];
  readonly ConsistentRead: true;
}

const requestsFor = (wanted: Wanted): Record<string, Request> =>
  Object.fromEntries(
    Object.entries(wanted)
      .filter(([, names]) => names.length > 0)
      .map(([table, names]) => [table, { Keys: names.map((key) => ({ key: { S: key } })), ConsistentRead: true as const }]),
  );
