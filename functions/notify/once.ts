import { createHash } from 'node:crypto';
import { ConditionalCheckFailedException, type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../clock';
import { keys } from '../coordination/keys';
import { hours, seconds } from '../duration';
import type { OutcomeEvent } from '../outcomes/outcome-schema';
import { isReadsOnly, stands } from '../outcomes/to-know';
import { forgetAfter } from './minute';

/** Ensures that a topic is notified once per occasion. */
export interface Once {
  /** `notified`: it was notified before. `busy`: another instance is about to. */
  begin(occasion: string, topic: string): Promise<'begun' | 'notified' | 'busy'>;
  done(occasion: string, topic: string): Promise<void>;
  /** It was not notified; the next attempt may start immediately. */
  giveUp(occasion: string, topic: string): Promise<void>;
}

/** Longer than the timeout of the function. */
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
            Key: { key: { S: keys.notifiedOnce(occasion, topic) } },
            ConditionExpression: 'attribute_not_exists(holds) OR holds <= :now',
            UpdateExpression: 'SET holds = :holds, forget = :forget REMOVE notified',
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
        return error.Item?.notified ? 'notified' : 'busy';
      }
    },
    done: (occasion, topic) =>
      mark(occasion, topic, 'SET holds = :holds, notified = :notified', { ':notified': { BOOL: true } }, notifiedFor),
    giveUp: (occasion, topic) => mark(occasion, topic, 'SET holds = :holds', {}, 0),
  };

  async function mark(occasion: string, topic: string, UpdateExpression: string, values: object, milliseconds: number): Promise<void> {
    await client.send(
      new UpdateItemCommand({
        TableName: table,
        Key: { key: { S: keys.notifiedOnce(occasion, topic) } },
        UpdateExpression,
        ExpressionAttributeValues: { ...values, ':holds': { N: String(clock.now().getTime() + milliseconds) } },
      }),
    );
  }
}

/** The unit of notification: one event; for a recurring outcome, the same outcome of the same resource within a day, or the same cause of a remediation. */
export function occasionOf(id: string, event: OutcomeEvent): string {
  const { rule, resource, account, region, remediation, outcome, code = '', until = '' } = event;
  if (isReadsOnly(event)) return occasion([account, outcome, code]);
  if (outcome === 'incomplete') return occasion([remediation, outcome, code]);
  const overdue = event.deadline?.passed ? ['overdue'] : [];
  return stands(event) ? occasion([rule.id, resource.arn, account, region, outcome, until, ...overdue]) : id;
}

function occasion(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
