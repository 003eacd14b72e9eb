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

/** An approval of a plan. ISO 8601 times. */
export interface Approval extends Attribution {
  readonly hash: string;
  readonly expires: string;
}

/** Puts the approval on record, from where alone the rule's function believes it. Undefined: done; else the one that holds already. */
export async function putApproval(
  client: DynamoDBClient,
  table: string,
  remediation: string,
  approval: Approval,
): Promise<Approval | undefined> {
  const key = keys.approval(remediation);
  try {
    await client.send(
      new PutItemCommand({
        TableName: table,
        Item: marshall({ key, ...approval, forget: forgetAt(new Date(approval.expires), 30) }),
        ConditionExpression: 'attribute_not_exists(#hash) OR #hash <> :hash OR expires <= :at OR #by = :by',
        ExpressionAttributeNames: { '#hash': 'hash', '#by': 'by' },
        ExpressionAttributeValues: marshall({ ':hash': approval.hash, ':at': approval.at, ':by': approval.by }),
      }),
    );
    return undefined;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    const { Item } = await client.send(new GetItemCommand({ TableName: table, Key: { key: { S: key } }, ConsistentRead: true }));
    return unmarshall(Item ?? {}) as Approval;
  }
}

/** The approval holds no more: what it was for is rejected. */
export async function removeApproval(client: DynamoDBClient, table: string, remediation: string): Promise<void> {
  await client.send(new DeleteItemCommand({ TableName: table, Key: { key: { S: keys.approval(remediation) } } }));
}
