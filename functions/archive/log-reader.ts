import { BatchGetItemCommand, type DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import { poll } from '../backoff';
import type { Clock } from '../clock';
import { logIndexes } from '../log/indexes';
import type { Item } from '../log/item';

/** An event of the log, as its index names it. */
export interface Entry {
  readonly trail: string;
  readonly sequence: number;
  /** ISO 8601, as its writer says. */
  readonly time: string;
  /** Its key in the table. */
  readonly key: Item;
}

/** The log, as the check reads it. */
export interface LogReader {
  /** The events of the rule, in all trails, from one time to another. */
  entries(rule: string, since: string, until: string): AsyncIterable<readonly Entry[]>;
  /** The items of the keys, without those that are not there any more. */
  items(keys: readonly Item[]): AsyncIterable<Item>;
}

/** The maximum number of keys of a call. */
const maxKeys = 100;
/** Milliseconds before the next attempt for keys that DynamoDB did not process: a call answers at most 16 MB. */
const pauses = [20, 40, 80, 160, 320, 640, 1000, 1000, 1000];

export function dynamoLogReader(client: DynamoDBClient, table: string, clock: Clock): LogReader {
  return {
    async *entries(rule, since, until) {
      const query = {
        TableName: table,
        IndexName: logIndexes.rule,
        KeyConditionExpression: '#rule = :rule AND #time BETWEEN :since AND :until',
        ProjectionExpression: '#trail, #sequence, #time',
        ExpressionAttributeNames: { '#rule': 'rule', '#time': 'time', '#trail': 'trail', '#sequence': 'sequence' },
        ExpressionAttributeValues: { ':rule': { S: rule }, ':since': { S: since }, ':until': { S: until } },
      };
      for await (const { Items = [] } of paginateQuery({ client }, query)) yield Items.map(entryOf);
    },

    async *items(keys) {
      for (let start = 0; start < keys.length; start += maxKeys) yield* await some(keys.slice(start, start + maxKeys));
    },
  };

  async function some(keys: readonly Item[]): Promise<readonly Item[]> {
    const found: Item[] = [];
    let left: readonly Item[] = keys;
    const get = async () => {
      const { Responses = {}, UnprocessedKeys = {} } = await client.send(
        new BatchGetItemCommand({ RequestItems: { [table]: { Keys: [...left], ConsistentRead: true } } }),
      );
      found.push(...(Responses[table] ?? []));
      left = UnprocessedKeys[table]?.Keys ?? [];
    };
    await poll(get, () => left.length === 0, { clock, pauses, jitter: true });
    if (left.length > 0) throw new Error(`DynamoDB did not return ${left.length} of ${keys.length} items of the table ${table}.`);
    return found;
  }
}

function entryOf({ trail, sequence, time }: Item): Entry {
  const key: Item = { ...(trail && { trail }), ...(sequence && { sequence }) };
  return { trail: trail?.S ?? '', sequence: Number(sequence?.N ?? 0), time: time?.S ?? '', key };
}
