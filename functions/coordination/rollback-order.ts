import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Attribution } from '../decision/facts';
import { forgetAt, keys } from './keys';

/** The request of an operator to roll back a remediation. */
export interface RollbackOrder extends Attribution {
  readonly force: boolean;
  /** ISO 8601; later it is not carried out. */
  readonly expires: string;
}

export async function putRollback(client: DynamoDBClient, table: string, remediation: string, order: RollbackOrder): Promise<void> {
  const Item = marshall({ key: keys.rollback(remediation), ...order, forget: forgetAt(new Date(order.expires), 1) });
  await client.send(new PutItemCommand({ TableName: table, Item }));
}

/** The recorded request, which may have expired. */
export async function getRollback(client: DynamoDBClient, table: string, remediation: string): Promise<RollbackOrder | undefined> {
  const { Item } = await client.send(
    new GetItemCommand({ TableName: table, Key: { key: { S: keys.rollback(remediation) } }, ConsistentRead: true }),
  );
  return Item && (unmarshall(Item) as RollbackOrder);
}

/** Removes the request after the rollback. A newer request is kept. */
export async function removeRollback(client: DynamoDBClient, table: string, remediation: string, { at }: RollbackOrder): Promise<void> {
  try {
    await client.send(
      new DeleteItemCommand({
        TableName: table,
        Key: { key: { S: keys.rollback(remediation) } },
        ConditionExpression: '#at = :at',
        ExpressionAttributeNames: { '#at': 'at' },
        ExpressionAttributeValues: { ':at': { S: at } },
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}
