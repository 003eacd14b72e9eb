import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { keys } from './keys';

/** One fix of a resource, by the remediation and its plan. */
export interface Fix {
  readonly rule: string;
  /** The key of its lease. */
  readonly resource: string;
  readonly remediation: string;
  /** SHA-256. */
  readonly plan: string;
}

const prefix = 'fix ';

/** The name of the attribute with the time of a fix. */
export const fixName = ({ remediation, plan }: Pick<Fix, 'remediation' | 'plan'>): string => `${prefix}${remediation} ${plan}`;

/** The fixes in an item, the oldest first: the name of the attribute, and the time, ISO 8601. */
export const fixesIn = (item: Readonly<Record<string, unknown>> = {}): readonly (readonly [name: string, at: string])[] =>
  Object.entries(item)
    .flatMap(([name, at]) => (name.startsWith(prefix) ? [[name, String(at)] as const] : []))
    .toSorted(([, a], [, b]) => Number(a > b) - Number(a < b));

/** Removes a fix that was reverted when it failed, so that it does not count as changed back by others. */
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
