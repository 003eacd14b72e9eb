import { type AttributeValue, BatchGetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { poll } from '../backoff';
import type { Clock } from '../clock';
import type { Item } from './item';
import { readItem } from './read-item';

/** Where an event stands in the table; `sequence` as the table has it. */
export interface EventKey {
  readonly trail: string;
  readonly sequence: string;
}

/** An event, or why its record is forged. */
export type ReadRecord = ReturnType<typeof readItem>;

/** The maximum number of keys in one call of DynamoDB. */
const maxKeys = 100;

/** Milliseconds before the next attempt for keys that DynamoDB did not process: a batch of large events comes in parts. */
const pauses = [20, 40, 80, 160, 320, 640, 1000];

export const placeOf = ({ trail, sequence }: EventKey): string => `${sequence} ${trail}`;

/** The records with these keys, by their places, in one call for each hundred. Keys without an item are left out. */
export async function getEvents(
  client: DynamoDBClient,
  table: string,
  keys: readonly EventKey[],
  clock: Clock,
): Promise<ReadonlyMap<string, ReadRecord>> {
  const distinct = [...new Map(keys.map((key) => [placeOf(key), key])).values()];
  const found = new Map<string, ReadRecord>();
  for (let from = 0; from < distinct.length; from += maxKeys)
    for (const item of await getItems(client, table, distinct.slice(from, from + maxKeys), clock))
      found.set(placeOf({ trail: item.trail?.S ?? '', sequence: item.sequence?.N ?? '' }), readItem(item));
  return found;
}

async function getItems(client: DynamoDBClient, table: string, keys: readonly EventKey[], clock: Clock): Promise<readonly Item[]> {
  const items: Item[] = [];
  let left: Record<string, AttributeValue>[] = keys.map(({ trail, sequence }) => ({ trail: { S: trail }, sequence: { N: sequence } }));
  const getSome = async () => {
    const before = left.length;
    const { Responses, UnprocessedKeys } = await client.send(new BatchGetItemCommand({ RequestItems: { [table]: { Keys: left } } }));
    items.push(...(Responses?.[table] ?? []));
    left = [...(UnprocessedKeys?.[table]?.Keys ?? [])];
    return left.length < before;
  };
  // A batch that came in part is asked for at once again; what makes no progress, after a pause.
  while (left.length > 0) await poll(getSome, (progress) => progress, { clock, pauses, jitter: true }).then(expectProgress);
  return items;

  function expectProgress(progress: boolean): void {
    if (!progress) throw new Error(`DynamoDB did not return ${left.length} of ${keys.length} events of the table ${table}.`);
  }
}
