import { ConditionalCheckFailedException, type DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { retryContention } from '../aws/contention';
import type { Clock } from '../clock';
import { days } from '../duration';
import { forgetAt, keys } from './keys';

/** Counts a failure of the rule; the breaker opens at `max` consecutive ones. Returns whether this failure opened it. */
export async function countFailure(
  client: DynamoDBClient,
  table: string,
  { rule, max }: { readonly rule: string; readonly max: number },
  clock: Clock,
): Promise<boolean> {
  const item = { client, table, rule, clock };
  const { Attributes } = await update(item, {
    UpdateExpression: 'ADD failures :one',
    ExpressionAttributeValues: { ':one': { N: '1' } },
    ReturnValues: 'ALL_NEW',
  });
  const failures = Number(Attributes?.failures?.N ?? 0);
  return failures >= max && open(item, `${failures} consecutive failures`);
}

/** Resets the count of consecutive failures after a successful fix. */
export async function forgetFailures(client: DynamoDBClient, table: string, rule: string, clock: Clock): Promise<void> {
  await update({ client, table, rule, clock }, { UpdateExpression: 'REMOVE failures' });
}

const rollback = 'rollback ';

/** Counts a manual rollback, once per remediation; the breaker opens at `max` within 24 hours. Returns whether this rollback opened it. */
export async function countRollback(
  client: DynamoDBClient,
  table: string,
  { rule, remediation, max }: { readonly rule: string; readonly remediation: string; readonly max: number },
  clock: Clock,
): Promise<boolean> {
  const item = { client, table, rule, clock };
  const now = clock.now();
  const { Attributes } = await update(item, {
    UpdateExpression: 'SET #rollback = :now',
    ExpressionAttributeNames: { '#rollback': `${rollback}${remediation}` },
    ExpressionAttributeValues: { ':now': { S: now.toISOString() } },
    ReturnValues: 'ALL_NEW',
  });
  const { closed, ...others } = Attributes ?? {};
  const counted = Object.entries(others)
    .filter(([name]) => name.startsWith(rollback))
    .map(([name, at]) => ({ name, at: Date.parse(at.S ?? '') }));
  const aDayAgo = now.getTime() - days(1);
  const past = counted.filter(({ at }) => at <= aDayAgo).map(({ name }) => name);
  if (past.length > 0) await forgetRollbacks(item, past);
  const since = Math.max(aDayAgo, closed?.S === undefined ? 0 : Date.parse(closed.S));
  const rollbacks = counted.filter(({ at }) => at > since).length;
  return rollbacks >= max && open(item, `${rollbacks} manual rollbacks within 24 hours`);
}

/** Removes expired counts, because of the item size limit of 400 KB. */
async function forgetRollbacks(item: BreakerItem, names: readonly string[]): Promise<void> {
  // The limit of an expression is 4 KB.
  const some = names.slice(0, 100);
  await update(item, {
    UpdateExpression: `REMOVE ${some.map((_, index) => `#${index}`).join(', ')}`,
    ExpressionAttributeNames: Object.fromEntries(some.map((name, index) => [`#${index}`, name])),
  });
}

export async function isOpen(client: DynamoDBClient, table: string, rule: string): Promise<boolean> {
  const { Item } = await client.send(
    new GetItemCommand({ TableName: table, Key: { key: { S: keys.breaker(rule) } }, ConsistentRead: true }),
  );
  return Item?.opened !== undefined;
}

/** Closes the breaker and resets its counts. */
export async function closeBreaker(client: DynamoDBClient, table: string, rule: string, clock: Clock): Promise<void> {
  const now = clock.now();
  await update(
    { client, table, rule, clock },
    {
      UpdateExpression: 'REMOVE opened, why, failures SET closed = :now, forget = :forget',
      ExpressionAttributeValues: { ':now': { S: now.toISOString() }, ':forget': { N: String(forgetAt(now, 30)) } },
    },
  );
}

async function open(item: BreakerItem, why: string): Promise<boolean> {
  const now = item.clock.now();
  try {
    await update(item, {
      // If a response is lost, the SDK sends this again: then it was opened by us.
      ConditionExpression: 'attribute_not_exists(opened) OR opened = :at',
      // An open breaker does not expire.
      UpdateExpression: 'SET opened = :at, why = :why REMOVE forget',
      ExpressionAttributeValues: { ':at': { S: now.toISOString() }, ':why': { S: why } },
    });
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

interface BreakerItem {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly rule: string;
  readonly clock: Clock;
}

/** Every permit of the rule checks the item, and this contention must not prevent the update. */
function update({ client, table, rule, clock }: BreakerItem, expressions: Omit<UpdateItemCommand['input'], 'TableName' | 'Key'>) {
  const command = new UpdateItemCommand({ TableName: table, Key: { key: { S: keys.breaker(rule) } }, ...expressions });
  return retryContention(() => client.send(command), clock);
}
