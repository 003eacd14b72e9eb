import { ConditionalCheckFailedException, type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../clock';
import { seconds } from '../duration';
import { forgetAt, keys } from './keys';

/** The exclusive right to change one resource, across all rules. */
export interface Lease {
  /** The remediation that holds it, or an earlier unfinished one for the same work. */
  readonly remediation: string;
  /** Records another remediation instead, for the next holder to continue. Throws if the lease is no longer ours. */
  remember(remediation: string): Promise<void>;
  /** Releases it. With `finished: false`, the remediation stays recorded, for the next holder to continue. */
  release(options: { readonly finished: boolean }): Promise<void>;
}

export interface Leases {
  /** The lease, or undefined while another worker holds it. It expires after `seconds` if it is not released. */
  acquire(request: {
    readonly resource: string;
    /** The rule and the detector. */
    readonly work: string;
    readonly remediation: string;
    readonly owner: string;
    readonly seconds: number;
  }): Promise<Lease | undefined>;
}

const daysKept = 30;

export function dynamoLeases(client: DynamoDBClient, table: string, clock: Clock): Leases {
  return {
    async acquire({ resource, work, remediation, owner, seconds: maxSeconds }) {
      const Key = { key: { S: keys.lease(resource) } };
      const now = clock.now();
      const names = { '#unfinished': `unfinished ${work}` };
      try {
        const { Attributes } = await client.send(
          new UpdateItemCommand({
            TableName: table,
            Key,
            // If a response is lost, the SDK sends this again: then the holder is us.
            ConditionExpression: 'attribute_not_exists(holder) OR expires < :now OR holder = :owner',
            UpdateExpression:
              'SET holder = :owner, expires = :expires, forget = :forget, #unfinished = if_not_exists(#unfinished, :remediation)',
            ExpressionAttributeNames: names,
            ExpressionAttributeValues: {
              ':owner': { S: owner },
              ':now': { N: String(now.getTime()) },
              ':expires': { N: String(now.getTime() + seconds(maxSeconds)) },
              ':forget': { N: String(forgetAt(now, daysKept)) },
              ':remediation': { S: remediation },
            },
            ReturnValues: 'ALL_NEW',
          }),
        );
        return { remediation: Attributes?.[names['#unfinished']]?.S ?? remediation, remember, release };
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return undefined;
        throw error;
      }

      async function remember(other: string): Promise<void> {
        await client.send(
          new UpdateItemCommand({
            TableName: table,
            Key,
            ConditionExpression: 'holder = :owner',
            UpdateExpression: 'SET #unfinished = :remediation',
            ExpressionAttributeNames: names,
            ExpressionAttributeValues: { ':owner': { S: owner }, ':remediation': { S: other } },
          }),
        );
      }

      async function release({ finished }: { readonly finished: boolean }): Promise<void> {
        try {
          await client.send(
            new UpdateItemCommand({
              TableName: table,
              Key,
              ConditionExpression: 'holder = :owner',
              UpdateExpression: finished ? 'REMOVE holder, expires, #unfinished' : 'REMOVE holder, expires',
              ...(finished && { ExpressionAttributeNames: names }),
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
