import { ConditionalCheckFailedException, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Clock } from '../../clock';
import { forgetAt } from '../../coordination/keys';
import { ticketKeys } from '../../ticket-records/ticket-keys';

/** Which signed requests were received: the same one is handed on once. */
export interface Deliveries {
  /** `replayed`: it was handed on before. One that was begun and not ended is begun again. */
  begin(hash: string): Promise<'begun' | 'replayed'>;
  end(hash: string): Promise<void>;
}

/** Days. An older request is stopped by the record of its answer, and by the plan that it is about. */
const keptFor = 30;

export function dynamoDeliveries(client: DynamoDBClient, TableName: string, clock: Clock): Deliveries {
  const item = (hash: string, open: boolean) =>
    marshall({
      key: ticketKeys.delivery(hash),
      at: clock.now().toISOString(),
      ...(open && { open }),
      forget: forgetAt(clock.now(), keptFor),
    });
  return {
    async begin(hash) {
      try {
        const ConditionExpression = 'attribute_not_exists(#key) OR attribute_exists(#open)';
        const ExpressionAttributeNames = { '#key': 'key', '#open': 'open' };
        await client.send(new PutItemCommand({ TableName, Item: item(hash, true), ConditionExpression, ExpressionAttributeNames }));
        return 'begun';
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return 'replayed';
        throw error;
      }
    },
    async end(hash) {
      await client.send(new PutItemCommand({ TableName, Item: item(hash, false) }));
    },
  };
}
