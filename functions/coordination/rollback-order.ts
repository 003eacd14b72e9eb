import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Attribution } from '../decision/facts';
import { forgetAt, orderKeys } from './keys';

/** The request of an operator to roll back a remediation. */
export interface RollbackOrder extends Attribution {
  readonly force: boolean;
  /** ISO 8601; later it is not carried out. */
  readonly expires: string;
  /** The end of the hold that was put with the request, ISO 8601; undefined if the policy sets none. */
  readonly held?: string;
}

/** A remediation of a rule. */
interface RuleRemediation {
  readonly rule: string;
  readonly remediation: string;
}

/** Days after its deadline for which a request is kept, longer than any message that names it. */
const daysKept = 30;

export async function putRollback(
  client: DynamoDBClient,
  table: string,
  { rule, remediation }: RuleRemediation,
  order: RollbackOrder,
): Promise<void> {
  const forget = forgetAt(new Date(order.expires), daysKept);
  const Item = marshall({ key: orderKeys.rollback(rule, remediation), ...order, forget }, { removeUndefinedValues: true });
  await client.send(new PutItemCommand({ TableName: table, Item }));
}

/** The recorded request, which may have expired or be complete: its end is in the log. */
export async function getRollback(
  client: DynamoDBClient,
  table: string,
  { rule, remediation }: RuleRemediation,
): Promise<RollbackOrder | undefined> {
  const Key = { key: { S: orderKeys.rollback(rule, remediation) } };
  const { Item } = await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }));
  return Item && (unmarshall(Item) as RollbackOrder);
}
