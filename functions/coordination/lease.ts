import { ConditionalCheckFailedException, type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../clock';
import { seconds } from '../duration';
import { forgetAt, keys } from './keys';

/** The exclusive right to change one resource, across all rules. */
export interface Lease {
  release(): Promise<void>;
}

export interface Leases {
  /** The lease, or undefined while another worker holds it. It expires after `seconds` if it is not released. */
  acquire(request: { readonly resource: string; readonly owner: string; readonly seconds: number }): Promise<Lease | undefined>;
}

const daysKept = 30;

export function dynamoLeases(client: DynamoDBClient, table: string, clock: Clock): Leases {
  return {
    async acquire({ resource, owner, seconds: maxSeconds }) {
      const Key = { key: { S: keys.lease(resource) } };
      const now = clock.now();
      try {
        await client.send(
          new UpdateItemCommand({
            TableName: table,
            Key,
            // If a response is lost, the SDK sends this again: then the holder is us.
            ConditionExpression: 'attribute_not_exists(holder) OR expires < :now OR holder = :owner',
            UpdateExpression: 'SET holder = :owner, expires = :expires, forget = :forget',
            ExpressionAttributeValues: {
              ':owner': { S: owner },
              ':now': { N: String(now.getTime()) },
              ':expires': { N: String(now.getTime() + seconds(maxSeconds)) },
              ':forget': { N: String(forgetAt(now, daysKept)) },
            },
          }),
        );
        return { release };
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return undefined;
        throw error;
      }

      async function release(): Promise<void> {
        try {
          await client.send(
            new UpdateItemCommand({
              TableName: table,
              Key,
              ConditionExpression: 'holder = :owner',
              UpdateExpression: 'REMOVE holder, expires',
              ExpressionAttributeValues: { ':owner': { S: owner } },
            }),
          );
        } catch (error) {
          // Already released (the response was lost), or expired and acquired by another worker.
          if (!(error instanceof ConditionalCheckFailedException)) throw error;
        }
      }
    },
  };
}
