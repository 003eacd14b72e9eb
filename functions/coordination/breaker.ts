import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { retryContention } from '../aws/contention';
import type { Clock } from '../clock';
import { days } from '../duration';
import type { Policy } from '../policy/policy';
import { type Closings, closingsIn } from './breaker-state';
import { getItems } from './get-items';
import { forgetAt, keys, openIndex, orderKeys } from './keys';
import type { CoordinationTables } from './tables';

/** A rule in one account, whose failures and rollbacks are counted together. */
export interface RuleInAccount {
  readonly rule: string;
  readonly account: string;
}

/** The breaker that an event opened: that of the account, or also that of all accounts. */
export type Opened = 'account' | 'all-accounts';

interface Counted extends RuleInAccount {
  readonly breaker: Pick<Policy['breaker'], 'accounts'>;
}

/** The tables and the time of an update. */
interface Context {
  readonly client: DynamoDBClient;
  readonly tables: CoordinationTables;
  readonly clock: Clock;
}

/** Counts a failure of the rule in the account, whose breaker opens at `failures` consecutive ones. Returns which breaker this failure opened. */
export async function countFailure(
  context: Context,
  { breaker, ...place }: Counted & { readonly breaker: Pick<Policy['breaker'], 'accounts' | 'failures'> },
): Promise<Opened | undefined> {
  const closings = await renew(context, place);
  const { failures, opened } = await update(context, keys.breaker(place.rule, place.account), {
    UpdateExpression: 'ADD failures :one',
    ExpressionAttributeValues: { ':one': { N: '1' } },
    ReturnValues: 'ALL_NEW',
  });
  const count = Number(failures?.N ?? 0);
  if (count < breaker.failures || opened) return undefined;
  return open(context, { ...place, breaker }, { closings, why: `${count} consecutive failures` });
}

/** Resets the count of consecutive failures after a successful fix. */
export async function forgetFailures(context: Context, { rule, account }: RuleInAccount): Promise<void> {
  await update(context, keys.breaker(rule, account), { UpdateExpression: 'REMOVE failures' });
}

const rollback = 'rollback ';

/** Counts a manual rollback, once per remediation; the breaker of the account opens at `rollbacks` within 24 hours. Returns which breaker this rollback opened. */
export async function countRollback(
  context: Context,
  {
    breaker,
    remediation,
    ...place
  }: Counted & { readonly remediation: string; readonly breaker: Pick<Policy['breaker'], 'accounts' | 'rollbacks'> },
): Promise<Opened | undefined> {
  const closings = await renew(context, place);
  const { opened, count } = await countOccasion(context, keys.breaker(place.rule, place.account), {
    prefix: rollback,
    name: remediation,
    since: closings.account,
  });
  if (count < breaker.rollbacks || opened) return undefined;
  return open(context, { ...place, breaker }, { closings, why: `${count} manual rollbacks within 24 hours` });
}

/** When the breakers were closed, from the orders. */
export async function readClosings(
  client: DynamoDBClient,
  orders: string,
  { rule, account }: RuleInAccount,
  clock: Clock,
): Promise<Closings> {
  const read = await getItems(client, { [orders]: [orderKeys.breaker(rule), orderKeys.breaker(rule, account)] }, clock);
  return closingsIn(read[orders] ?? new Map(), rule, account);
}

/** Forgets what was counted before the breaker of the account was closed. */
async function renew(context: Context, place: RuleInAccount): Promise<Closings> {
  const closings = await readClosings(context.client, context.tables.orders, place, context.clock);
  await resetBefore(context, keys.breaker(place.rule, place.account), closings.account);
  return closings;
}

/** Forgets what a breaker counted before it was closed at that time, ISO 8601. */
export async function resetBefore(context: Context, key: string, closed: string): Promise<void> {
  if (closed === '') return;
  const expressions: Expressions = {
    ConditionExpression: 'attribute_not_exists(closed) OR closed < :closed',
    UpdateExpression: 'SET closed = :closed, forget = :forget REMOVE opened, why, failures, #open, since',
    ExpressionAttributeNames: { '#open': 'open' },
    ExpressionAttributeValues: { ':closed': { S: closed }, ':forget': { N: String(forgetAt(context.clock.now(), 30)) } },
  };
  await updateIf(context, key, expressions);
}

const accountPrefix = 'account ';

/** Opens the breaker of the account; that of all accounts opens if those of several accounts opened within 24 hours. */
async function open(
  context: Context,
  { rule, account, breaker }: Counted,
  { closings, why }: { readonly closings: Closings; readonly why: string },
): Promise<Opened | undefined> {
  await resetBefore(context, keys.breaker(rule), closings.all);
  // The account is counted first: an interrupted opening is repeated with the next failure.
  const all = await countOccasion(context, keys.breaker(rule), { prefix: accountPrefix, name: account, since: closings.all });
  const isOpened = await markOpen(context, { rule, account }, why);
  if (all.count >= breaker.accounts && !all.opened) {
    const reason = `the breakers of ${all.count} accounts opened within 24 hours, the last one in ${account} after ${why}`;
    if (await markOpen(context, { rule }, reason)) return 'all-accounts';
  }
  return isOpened ? 'account' : undefined;
}

/** Marks the breaker as open; true if it was not. */
async function markOpen(context: Context, { rule, account }: { readonly rule: string; readonly account?: string }, why: string) {
  const at = context.clock.now().toISOString();
  return updateIf(context, keys.breaker(rule, account), {
    // If a response is lost, the SDK sends this again: then it was opened by us.
    ConditionExpression: 'attribute_not_exists(opened) OR opened = :at',
    // An open breaker does not expire. By `open` and `since`, an index lists it.
    UpdateExpression: 'SET opened = :at, since = :at, why = :why, #open = :open REMOVE forget',
    ExpressionAttributeNames: { '#open': 'open' },
    ExpressionAttributeValues: { ':at': { S: at }, ':why': { S: why }, ':open': { S: openIndex.breaker } },
  });
}

/** Counts an occasion by its name, and returns how many there were within 24 hours and since that time. */
async function countOccasion(
  context: Context,
  key: string,
  { prefix, name, since }: { readonly prefix: string; readonly name: string; readonly since: string },
): Promise<{ readonly count: number; readonly opened: boolean }> {
  const now = context.clock.now();
  const { opened, ...others } = await update(context, key, {
    UpdateExpression: 'SET #name = :now',
    ExpressionAttributeNames: { '#name': `${prefix}${name}` },
    ExpressionAttributeValues: { ':now': { S: now.toISOString() } },
    ReturnValues: 'ALL_NEW',
  });
  const times = Object.entries(others).flatMap(([one, at]) => (one.startsWith(prefix) ? [[one, at.S ?? ''] as const] : []));
  const aDayAgo = new Date(now.getTime() - days(1)).toISOString();
  const past = times.filter(([, at]) => at <= aDayAgo).map(([one]) => one);
  if (past.length > 0) await forgetOccasions(context, key, past);
  return { count: times.filter(([, at]) => at > aDayAgo && at > since).length, opened: opened !== undefined };
}

/** Removes expired counts, because of the item size limit of 400 KB. */
async function forgetOccasions(context: Context, key: string, names: readonly string[]): Promise<void> {
  // The limit of an expression is 4 KB.
  const some = names.slice(0, 100);
  await update(context, key, {
    UpdateExpression: `REMOVE ${some.map((_, index) => `#${index}`).join(', ')}`,
    ExpressionAttributeNames: Object.fromEntries(some.map((name, index) => [`#${index}`, name])),
  });
}

type Expressions = Omit<UpdateItemCommandInput, 'TableName' | 'Key'>;

async function updateIf(context: Context, key: string, expressions: Expressions): Promise<boolean> {
  try {
    await update(context, key, expressions);
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

/** All workers of the rule count here, and this contention must not prevent the update. */
async function update(
  { client, tables, clock }: Context,
  key: string,
  expressions: Expressions,
): Promise<Readonly<Record<string, AttributeValue>>> {
  const command = new UpdateItemCommand({ TableName: tables.coordination, Key: { key: { S: key } }, ...expressions });
  return (await retryContention(() => client.send(command), clock)).Attributes ?? {};
}
