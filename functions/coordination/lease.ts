import { type AttributeValue, ConditionalCheckFailedException, type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { ulid } from 'ulid';
import type { Clock } from '../clock';
import { seconds } from '../duration';
import { getItems, type ReadItems } from './get-items';
import { forgetAt, keys } from './keys';

/** The exclusive right to change one resource, across all rules. */
export interface Lease {
  /** Whether nobody held it since the quiet that was given: what was read meanwhile is as if it were read under the lease. */
  readonly isFirst: boolean;
  release(): Promise<void>;
}

/** Another worker holds the lease. */
export interface Held {
  /** The id of the rule whose worker it is. */
  readonly heldBy: string;
  readonly release?: undefined;
}

/** Nobody held the lease when reads began that may be used under it. */
export interface Quiet {
  /** When it was last released, ISO 8601; `''` if it never was held. */
  readonly released: string;
}

export interface LeaseRequest {
  readonly resource: string;
  readonly rule: string;
  readonly seconds: number;
  readonly quiet?: Quiet | undefined;
}

export interface Leases {
  /** The lease, unless another worker holds it. It expires after `seconds` if it is not released. */
  acquire(request: LeaseRequest): Promise<Lease | Held>;
  /** Undefined if somebody holds the lease, or may have held it while what is read in the same moment was read. */
  quiet(resource: string): Promise<Quiet | undefined>;
}

const daysKept = 30;
/**
 * The items of one call are not read at the same instant. Whoever wrote to one of them, and gave the lease back before that was read, did so
 * within this time; it allows for clocks that differ by some seconds.
 */
const settled = seconds(10);

export function dynamoLeases(
  client: DynamoDBClient,
  table: string,
  clock: Clock,
  read: ReadItems = (wanted) => getItems(client, wanted, clock),
): Leases {
  return {
    async quiet(resource) {
      const key = keys.lease(resource);
      const began = clock.now().getTime();
      const { [table]: items } = await read({ [table]: [key] });
      const item = items?.get(key);
      if (!item) return { released: '' };
      const released = String(item.released);
      // Whoever holds it may have died; it may write all the same.
      return item.holder === undefined && Date.parse(released) < began - settled ? { released } : undefined;
    },

    async acquire({ resource, rule, seconds: maxSeconds, quiet }) {
      const Key = { key: { S: keys.lease(resource) } };
      const now = clock.now();
      // Two deliveries of one message, in the same millisecond, are two workers.
      const holder = `${rule} ${ulid(now.getTime())}`;
      try {
        const { Attributes } = await client.send(
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
            ReturnValues: 'ALL_OLD',
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
        return { isFirst: quiet !== undefined && quiet.released === lastRelease(Attributes), release };
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
              UpdateExpression: 'SET released = :now REMOVE holder, expires',
              ExpressionAttributeValues: { ':holder': { S: holder }, ':now': { S: clock.now().toISOString() } },
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

/** As in `Quiet`; undefined if it was not released since it was last acquired. */
function lastRelease(before: Readonly<Record<string, AttributeValue>> | undefined): string | undefined {
  if (before?.key === undefined) return '';
  return before.holder === undefined ? before.released?.S : undefined;
}
