import { type DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../clock';
import { forgetAt, keys } from './keys';

/** The findings of an event that have invocations of their own, so that another delivery of the event does not repeat them. */
export interface HandedOn {
  /** The numbers of the findings, from 0. */
  read(event: string): Promise<ReadonlySet<number>>;
  record(event: string, findings: readonly number[]): Promise<void>;
}

/** Of one rule. `event` is a hash of the event. */
export function dynamoHandedOn(client: DynamoDBClient, table: string, rule: string, clock: Clock): HandedOn {
  const place = (event: string) => ({ TableName: table, Key: { key: { S: keys.handedOn(rule, event) } } });
  return {
    async read(event) {
      const { Item } = await client.send(new GetItemCommand({ ...place(event), ConsistentRead: true }));
      return new Set((Item?.findings?.NS ?? []).map(Number));
    },
    async record(event, findings) {
      await client.send(
        new UpdateItemCommand({
          ...place(event),
          UpdateExpression: 'ADD findings :findings SET forget = :forget',
          ExpressionAttributeValues: {
            ':findings': { NS: findings.map(String) },
            ':forget': { N: String(forgetAt(clock.now(), 2)) },
          },
        }),
      );
    },
  };
}
