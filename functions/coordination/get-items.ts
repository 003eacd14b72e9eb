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

/** Reads the existing items of these keys, by table, strongly consistent. */
export type ReadItems = <Names extends Wanted>(wanted: Names) => Promise<ItemsOf<Names>>;

type ItemsOf<Names extends Wanted> = { readonly [Table in keyof Names]: ReadonlyMap<string, Item> };

/** The existing items of these keys, by table, in one call and strongly consistent. */
export async function getItems<Names extends Wanted>(client: DynamoDBClient, wanted: Names, clock: Clock): Promise<ItemsOf<Names>> {
  const items = new Map<string, Map<string, Item>>(Object.keys(wanted).map((table) => [table, new Map()]));
  let left = requestsFor(wanted);
  const count = () => Object.values(left).reduce((sum, { Keys }) => sum + Keys.length, 0);
  const all = count();
  await poll(getSome, () => count() === 0, { clock, pauses, jitter: true });
  // An unread key must not be treated as absent.
  if (count() > 0) throw new Error(`DynamoDB did not return ${count()} of ${all} keys of the tables ${Object.keys(wanted).join(', ')}.`);
  return Object.fromEntries(items) as unknown as ItemsOf<Names>;

  async function getSome(): Promise<void> {
    const { Responses = {}, UnprocessedKeys = {} } = await client.send(new BatchGetItemCommand({ RequestItems: left }));
    for (const [table, found] of Object.entries(Responses))
      for (const item of found) items.get(table)?.set(item.key?.S ?? '', valuesOf(item));
    left = Object.fromEntries(
      Object.entries(UnprocessedKeys).map(([table, { Keys = [] }]) => [table, { Keys: [...Keys], ConsistentRead: true }]),
    );
  }
}

/** Reads that begin in the same moment are one call, so each answer may have items of the others. Together, they must not have over 100 keys. */
export function joinReads(client: DynamoDBClient, clock: Clock): ReadItems {
  let next: { readonly keys: Map<string, Set<string>>; readonly answer: Promise<ItemsOf<Wanted>> } | undefined;

  return <Names extends Wanted>(wanted: Names) => {
    next ??= begin();
    for (const [table, names] of Object.entries(wanted)) next.keys.set(table, new Set([...(next.keys.get(table) ?? []), ...names]));
    return next.answer as Promise<ItemsOf<Names>>;
  };

  function begin() {
    const keys = new Map<string, Set<string>>();
    // After whatever else is asked for in this moment.
    const answer = Promise.resolve().then(() => {
      next = undefined;
      return getItems(client, Object.fromEntries([...keys].map(([table, names]) => [table, [...names]])), clock);
    });
    return { keys, answer };
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
