import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Clock } from '../clock';
import { forgetAt, keys } from './keys';
import { maxWait, nextTurn, type Queue, type QueueKey } from './queue';

/** A finding of the rule on a resource. `resource` is the key of the resource's lease. */
export interface Waiter {
  readonly rule: string;
  readonly resource: string;
  readonly detectedBy: string;
}

/** A remediation that waits, and until when. */
export interface Turn {
  readonly remediation: string;
  /** ISO 8601. */
  readonly at: string;
}

/** What is deferred, and the turns of what waits because of a limit. */
export interface Turns {
  /**
   * The time of the next free turn under these limits, which is taken. Of several limits, a turn is taken in the longest queue alone: when it
   * comes, the others have had room. Undefined if no turn is free within a week: then it has to be asked for again.
   */
  take(queues: readonly Queue[]): Promise<Date | undefined>;
  find(waiter: Waiter): Promise<Turn | undefined>;
  record(waiter: Waiter, turn: Turn): Promise<void>;
}

export function dynamoTurns(client: DynamoDBClient, table: string, clock: Clock): Turns {
  const place = (key: string) => ({ TableName: table, Key: { key: { S: key } } });
  const keyOf = ({ of, period }: QueueKey) => keys.queue(of, period);

  async function endsOf(queues: readonly Queue[]): Promise<ReadonlyMap<string, number>> {
    const Keys = queues.map((queue) => ({ key: { S: keyOf(queue) } }));
    const { Responses } = await client.send(new BatchGetItemCommand({ RequestItems: { [table]: { Keys, ConsistentRead: true } } }));
    // A key that was not processed counts as an empty queue: a shorter one is chosen, and the limit itself still holds.
    return new Map((Responses?.[table] ?? []).map((item) => [item.key?.S ?? '', Number(item.ends?.N ?? 0)]));
  }

  /** Adds a turn to the end of the queue. Undefined: another worker has just begun it anew. */
  async function extend(queue: Queue, now: Date): Promise<number | undefined> {
    const { start, step } = nextTurn(queue, undefined, now);
    const values = { ':start': { N: String(start) }, ':forget': { N: String(forgetAt(now, 10)) } };
    const changes = [
      {
        UpdateExpression: 'ADD ends :step SET forget = :forget',
        ConditionExpression: 'ends >= :start',
        values: { ...values, ':step': { N: String(step) } },
      },
      {
        UpdateExpression: 'SET ends = :first, forget = :forget',
        ConditionExpression: 'attribute_not_exists(ends) OR ends < :start',
        values: { ...values, ':first': { N: String(start + step) } },
      },
    ];
    for (const { values: ExpressionAttributeValues, ...change } of changes) {
      try {
        const { Attributes } = await client.send(
          new UpdateItemCommand({ ...place(keyOf(queue)), ...change, ExpressionAttributeValues, ReturnValues: 'UPDATED_NEW' }),
        );
        return Number(Attributes?.ends?.N) - step;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    }
    return undefined;
  }

  return {
    async take(queues) {
      const now = clock.now();
      const ends = await endsOf(queues);
      const waits = queues.map((queue) => ({ queue, ...nextTurn(queue, ends.get(keyOf(queue)), now) }));
      const longest = waits.toSorted((a, b) => b.at.getTime() - a.at.getTime())[0];
      if (!longest || longest.at.getTime() - now.getTime() > maxWait) return undefined;
      for (let tries = 0; tries < 5; tries += 1) {
        const start = await extend(longest.queue, now);
        if (start !== undefined) return nextTurn(longest.queue, start, now).at;
      }
      return longest.at;
    },
    async find({ rule, resource, detectedBy }) {
      const { Item } = await client.send(
        new GetItemCommand({ ...place(keys.turn(rule, `${resource} ${detectedBy}`)), ConsistentRead: true }),
      );
      return Item && { remediation: Item.remediation?.S ?? '', at: Item.at?.S ?? '' };
    },
    async record({ rule, resource, detectedBy }, { remediation, at }) {
      const forget = { N: String(forgetAt(new Date(at), 2)) };
      const Item = { key: { S: keys.turn(rule, `${resource} ${detectedBy}`) }, remediation: { S: remediation }, at: { S: at }, forget };
      await client.send(new PutItemCommand({ TableName: table, Item }));
    },
  };
}
