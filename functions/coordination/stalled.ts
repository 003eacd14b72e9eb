import { type AttributeValue, type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { openIndex } from './keys';

/** An open remediation whose retry is overdue. */
export interface Stalled {
  readonly rule: string;
  readonly remediation: string;
  /** The retry message as JSON. */
  readonly message: string;
}

/** The open remediations whose next attempt, or whose beginning, is before that time; the oldest first. */
export async function listStalled(client: DynamoDBClient, table: string, before: Date, limit: number): Promise<readonly Stalled[]> {
  const found: Stalled[] = [];
  let start: Record<string, AttributeValue> | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: table,
        IndexName: openIndex.name,
        KeyConditionExpression: '#open = :open AND since < :before',
        ExpressionAttributeNames: { '#open': 'open' },
        ExpressionAttributeValues: { ':open': { S: openIndex.remediation }, ':before': { S: before.toISOString() } },
        ExclusiveStartKey: start,
      }),
    );
    for (const item of page.Items ?? []) found.push(...stalledIn(item, before));
    start = page.LastEvaluatedKey;
  } while (start && found.length < limit);
  return found.slice(0, limit);
}

/** The rule is taken from the key: its function could have written anything into the other attributes. */
function stalledIn(item: Record<string, AttributeValue>, before: Date): readonly Stalled[] {
  const [, rule] = /^open (\S+) \S/.exec(item.key?.S ?? '') ?? [];
  const { S: message } = item.message ?? {};
  const next = item.next?.S;
  if (rule === undefined || message === undefined) return [];
  if (next !== undefined && next >= before.toISOString()) return [];
  return [{ rule, remediation: item.remediation?.S ?? '', message }];
}
