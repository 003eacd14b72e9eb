import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Attribution } from '../decision/facts';
import { forgetAt, orderKeys } from './keys';

/** An approval of a plan. ISO 8601 times. */
export interface Approval extends Attribution {
  readonly hash: string;
  readonly expires: string;
}

/** A remediation of a rule. */
interface RuleRemediation {
  readonly rule: string;
  readonly remediation: string;
}

/** Records the approval; the rule's function trusts only recorded ones. Returns an existing valid approval of the plan by another approver. */
export async function putApproval(
  client: DynamoDBClient,
  table: string,
  { rule, remediation }: RuleRemediation,
  approval: Approval,
): Promise<Approval | undefined> {
  const key = orderKeys.approval(rule, remediation);
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

/** Removes the approval of a rejected plan. */
export async function removeApproval(client: DynamoDBClient, table: string, { rule, remediation }: RuleRemediation): Promise<void> {
  await client.send(new DeleteItemCommand({ TableName: table, Key: { key: { S: orderKeys.approval(rule, remediation) } } }));
}
