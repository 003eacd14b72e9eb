import { ConditionalCheckFailedException, type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { ulid } from 'ulid';
import type { Clock } from '../clock';
import { seconds } from '../duration';
import { forgetAt, keys } from './keys';

/** The exclusive right to change one resource, across all rules. */
export interface Lease {
  release(): Promise<void>;
}

/** Another worker holds the lease. */
export interface Held {
  /** The id of the rule whose worker it is. */
  readonly heldBy: string;
  readonly release?: undefined;
}

export interface LeaseRequest {
  readonly resource: string;
  readonly rule: string;
  readonly seconds: number;
}

export interface Leases {
  /** The lease, unless another worker holds it. It expires after `seconds` if it is not released. */
  acquire(request: LeaseRequest): Promise<Lease | Held>;
}

const daysKept = 30;

export function dynamoLeases(client: DynamoDBClient, table: string, clock: Clock): Leases {
  return {
    async acquire({ resource, rule, seconds: maxSeconds }) {
      const Key = { key: { S: keys.lease(resource) } };
      const now = clock.now();
      // Two deliveries of one message, in the same millisecond, are two workers.
      const holder = `${rule} ${ulid(now.getTime())}`;
      try {
        await client.send(
          new UpdateItemCommand({
            TableName: table,
            Key,
            // If a response is lost, the SDK sends this again: then the holder is us.
            ConditionExpression: 'attribute_not_exists(holder) OR expires < :now OR holder = :holder',
            UpdateExpression: 'SET holder = :holder, expires = :expires, forget = :forget',
            ExpressionAttributeValues: {
              ':holder': { S: holder },
              ':now': { N: String(now.getTime()) },
              ':expires': { N: String(now.getTime() + seconds(maxSeconds)) },
              ':forget': { N: String(forgetAt(now, daysKept)) },
            },
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
        return { release };
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return { heldBy: error.Item?.holder?.S?.split(' ')[0] ?? '' };
        throw error;
      }

      async function release(): Promise<void> {
        try {
          await client.send(
            new UpdateItemCommand({
              TableName: table,
              Key,
              ConditionExpression: 'holder = :holder',
              UpdateExpression: 'REMOVE holder, expires',
              ExpressionAttributeValues: { ':holder': { S: holder } },
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
