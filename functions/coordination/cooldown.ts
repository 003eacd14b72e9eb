import { ConditionalCheckFailedException, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../clock';
import { seconds as milliseconds } from '../duration';
import { keys } from './keys';

/** Limits how often an action is taken. */
export interface Cooldowns {
  /** True once within the given seconds, for all callers of the rule together. */
  take(name: string, seconds: number): Promise<boolean>;
}

export function dynamoCooldowns(client: DynamoDBClient, table: string, rule: string, clock: Clock): Cooldowns {
  return {
    async take(name, seconds) {
      const now = clock.now().getTime();
      try {
        await client.send(
          new PutItemCommand({
            TableName: table,
            Item: {
              key: { S: keys.cooldown(rule, name) },
              expires: { N: String(now + milliseconds(seconds)) },
              forget: { N: String(Math.ceil(now / 1000) + seconds) },
            },
            ConditionExpression: 'attribute_not_exists(expires) OR expires < :now',
            ExpressionAttributeValues: { ':now': { N: String(now) } },
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
  };
}
