import { ConditionalCheckFailedException, type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../clock';
import { seconds } from '../duration';
import { forgetAt, keys } from './keys';

/** The right to change one resource, held by one worker at a time, across all rules. */
export interface Lease {
  /** The remediation that holds it; an earlier one for the same work, where that never came to its end. */
  readonly remediation: string;
  /** Puts another remediation on record in its place, for the next holder to go on with. Throws where the lease is not ours any more. */
  remember(remediation: string): Promise<void>;
  /** Gives it back. `finished: false` keeps the remediation on record, for the next holder to go on with. */
  release(options: { readonly finished: boolean }): Promise<void>;
}

export interface Leases {
  /** The lease, or undefined while another worker holds it. `seconds` is how long it lasts if it is never given back. */
  acquire(request: {
    readonly resource: string;
    /** What is to be done: the rule, and what found the fault. */
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
            // A lost answer makes the SDK send this again: then the owner is ourselves.
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
          // Given back already (the answer was lost), or expired and taken over: either way it is not ours any more.
          if (!(error instanceof ConditionalCheckFailedException)) throw error;
        }
      }
    },
  };
}
