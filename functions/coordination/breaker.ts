import { ConditionalCheckFailedException, type DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { retryContention } from '../aws/contention';
import type { Clock } from '../clock';
import { days } from '../duration';
import { forgetAt, keys } from './keys';

/** Counts a failure of the rule; at so many in a row, its breaker opens. Whether it opened by this one. */
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

/** A fix that held: failures in a row begin anew. */
export async function forgetFailures(client: DynamoDBClient, table: string, rule: string, clock: Clock): Promise<void> {
  await update({ client, table, rule, clock }, { UpdateExpression: 'REMOVE failures' });
}

const rollback = 'rollback ';

/** Counts a rollback by a person, each remediation once; at so many within 24 hours, the breaker of the rule opens. Whether it opened by this one. */
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

/** Takes out what counts no more: an item holds no more than 400 KB. */
async function forgetRollbacks(item: BreakerItem, names: readonly string[]): Promise<void> {
  // An expression holds no more than 4 KB.
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

/** Closes the breaker: the rule does again what the policy says, and what was counted before counts no more. */
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
      // A lost answer makes the SDK send this again: then it was us.
      ConditionExpression: 'attribute_not_exists(opened) OR opened = :at',
      // An open breaker is not forgotten, whatever was to be before.
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

/** Every permit of the rule looks at the item, and must not keep this out. */
function update({ client, table, rule, clock }: BreakerItem, expressions: Omit<UpdateItemCommand['input'], 'TableName' | 'Key'>) {
  const command = new UpdateItemCommand({ TableName: table, Key: { key: { S: keys.breaker(rule) } }, ...expressions });
  return retryContention(() => client.send(command), clock);
}
