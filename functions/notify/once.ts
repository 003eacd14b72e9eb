import { createHash } from 'node:crypto';
import { ConditionalCheckFailedException, type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../clock';
import { hours, seconds } from '../duration';
import type { OutcomeEvent } from '../outcomes/outcome-schema';
import { forgetAfter, notifiedKeys } from './keys';
import { stands } from './to-know';

/** Lets a topic be told of an occasion once. */
export interface Once {
  /** `told`: it was before. `busy`: another instance is about to. */
  begin(occasion: string, topic: string): Promise<'begun' | 'told' | 'busy'>;
  done(occasion: string, topic: string): Promise<void>;
  /** It was not told, and may be tried again at once. */
  giveUp(occasion: string, topic: string): Promise<void>;
}

/** Longer than the function can run. */
const begunFor = seconds(90);
const notifiedFor = hours(24);

export function dynamoOnce(client: DynamoDBClient, table: string, clock: Clock): Once {
  return {
    async begin(occasion, topic) {
      const now = clock.now();
      try {
        await client.send(
          new UpdateItemCommand({
            TableName: table,
            Key: { key: { S: notifiedKeys.once(occasion, topic) } },
            ConditionExpression: 'attribute_not_exists(holds) OR holds <= :now',
            UpdateExpression: 'SET holds = :holds, forget = :forget REMOVE told',
            ExpressionAttributeValues: {
              ':now': { N: String(now.getTime()) },
              ':holds': { N: String(now.getTime() + begunFor) },
              ':forget': { N: forgetAfter(now, 2) },
            },
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
        return 'begun';
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        return error.Item?.told ? 'told' : 'busy';
      }
    },
    done: (occasion, topic) => mark(occasion, topic, 'SET holds = :holds, told = :told', { ':told': { BOOL: true } }, notifiedFor),
    giveUp: (occasion, topic) => mark(occasion, topic, 'SET holds = :holds', {}, 0),
  };

  async function mark(occasion: string, topic: string, UpdateExpression: string, values: object, milliseconds: number): Promise<void> {
    await client.send(
      new UpdateItemCommand({
        TableName: table,
        Key: { key: { S: notifiedKeys.once(occasion, topic) } },
        UpdateExpression,
        ExpressionAttributeValues: { ...values, ':holds': { N: String(clock.now().getTime() + milliseconds) } },
      }),
    );
  }
}

/** What is told once: the delivery of an event; for what only stands as it stood, the same of the same resource, once a day. */
export function occasionOf(id: string, event: OutcomeEvent): string {
  if (!stands(event)) return id;
  const { rule, resource, account, region, outcome, until = '' } = event;
  return createHash('sha256')
    .update(JSON.stringify([rule.id, resource.arn, account, region, outcome, until]))
    .digest('hex')
    .slice(0, 32);
}
