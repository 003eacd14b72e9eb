import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { canonicalJson } from '../../functions/canonical-json';
import { orderKeys } from '../../functions/coordination/keys';
import { itemOfCopy } from '../../functions/coordination/policy-copy';
import { hashOfContent } from '../../functions/policy/content';
import type { Policy } from '../../functions/policy/policy';

/** Records a policy as the control function does, as version 7, checked a minute ago. */
export async function putPolicy(dynamo: DynamoDBClient, policy: Policy): Promise<void> {
  const at = new Date(Date.now() - 60_000);
  const configuration = 'a/b/c';
  const content = canonicalJson(policy);
  const copy = itemOfCopy({ configuration, content, version: '7', by: 'posture-control 1' }, at);
  const check = { key: orderKeys.policyCheck, configuration, hash: hashOfContent(content), at: at.toISOString(), by: 'posture-control 1' };
  for (const Item of [copy ?? {}, marshall(check)]) await dynamo.send(new PutItemCommand({ TableName: 'posture-orders', Item }));
}
