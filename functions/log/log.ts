import { type DynamoDBClient, PutItemCommand, QueryCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { isContention, retryContention } from '../aws/contention';
import { type Clock, systemClock } from '../clock';
import type { LogEvent } from './event';
import { eventOf, itemOf } from './item';

/** The append-only log. */
export interface Log {
  /** Adds the events, all or none. Adding the same events again is not an error; it is one if other events are in their place. */
  append(events: readonly LogEvent[]): Promise<void>;
  /** All events of one remediation, in order; none if it does not exist. */
  read(remediation: string): Promise<LogEvent[]>;
}

export function dynamoLog(client: DynamoDBClient, table: string, clock: Clock = systemClock): Log {
  async function read(remediation: string): Promise<LogEvent[]> {
    const events: LogEvent[] = [];
    let start: QueryCommand['input']['ExclusiveStartKey'];
    do {
      const page = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'remediation = :remediation',
          ExpressionAttributeValues: { ':remediation': { S: remediation } },
          ConsistentRead: true,
          ExclusiveStartKey: start,
        }),
      );
      events.push(...(page.Items ?? []).map(eventOf));
      start = page.LastEvaluatedKey;
    } while (start);
    return events;
  }

  return {
    read,
    async append(events) {
      const puts = events.map((event) => ({
        TableName: table,
        Item: itemOf(event),
        ConditionExpression: 'attribute_not_exists(remediation)',
      }));
      try {
        await retryContention(async () => {
          const [only] = puts;
          if (puts.length === 1 && only) await client.send(new PutItemCommand(only));
          else await client.send(new TransactWriteItemsCommand({ TransactItems: puts.map((Put) => ({ Put })) }));
        }, clock);
      } catch (error) {
        // The response to our first attempt may have been lost: then the stored events are ours.
        if (!isRefusedCondition(error) || !(await holds(events))) throw error;
      }
    },
  };

  async function holds(events: readonly LogEvent[]): Promise<boolean> {
    const [first] = events;
    const there = new Set(first ? (await read(first.remediation)).map(({ hash }) => hash) : []);
    return events.every(({ hash }) => there.has(hash));
  }
}

/** Whether DynamoDB rejected a write because the item exists. */
export const isRefusedCondition = (error: unknown): boolean =>
  error instanceof Error &&
  ['ConditionalCheckFailedException', 'TransactionCanceledException'].includes(error.name) &&
  !isContention(error);
