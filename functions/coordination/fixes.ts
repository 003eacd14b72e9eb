import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { keys } from './keys';

/** One fix of a resource, by the remediation and its plan. */
export interface Fix {
  readonly rule: string;
  /** The name of its lease. */
  readonly resource: string;
  readonly remediation: string;
  /** SHA-256. */
  readonly plan: string;
}

const prefix = 'fix ';

/** The attribute in which the time of a fix stands: twice the same is once. */
export const fixName = ({ remediation, plan }: Pick<Fix, 'remediation' | 'plan'>): string => `${prefix}${remediation} ${plan}`;

/** When the fixes of an item were made; ISO 8601, the first one first. */
export const fixTimes = (item: Readonly<Record<string, unknown>> = {}): readonly string[] =>
  Object.entries(item)
    .flatMap(([name, time]) => (name.startsWith(prefix) ? [String(time)] : []))
    .sort();

/** A fix that was taken back when it failed: it is nobody's doing that the fault is still there. */
export async function forgetFix(client: DynamoDBClient, table: string, { rule, resource, ...fix }: Fix): Promise<void> {
  await client.send(
    new UpdateItemCommand({
      TableName: table,
      Key: { key: { S: keys.fixes(rule, resource) } },
      UpdateExpression: 'REMOVE #fix',
      ExpressionAttributeNames: { '#fix': fixName(fix) },
    }),
  );
}
