import { ConditionalCheckFailedException, type DynamoDBClient, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { retryContention } from '../aws/contention';
import type { Clock } from '../clock';
import type { Attribution } from '../decision/facts';
import { type BreakerItems, type OpenBreaker, openBreakersIn } from './breaker-state';
import { getItems, type Item, maxKeys } from './get-items';
import { orderKeys } from './keys';
import { openItems } from './open-items';
import type { CoordinationTables } from './tables';

/** The breaker of a rule in one account; without an account, in all. */
export interface Breaker {
  readonly rule: string;
  readonly account?: string | undefined;
}

/** Closes the breaker; without an account, those of all accounts. Without TTL: a closing that is forgotten would open the breaker again. */
export async function closeBreaker(
  client: DynamoDBClient,
  orders: string,
  { rule, account }: Breaker,
  { by, at, why }: Attribution,
  clock: Clock,
): Promise<void> {
  const Item = marshall({ key: orderKeys.breaker(rule, account), closed: at, by, why });
  await retryContention(() => client.send(new PutItemCommand({ TableName: orders, Item })), clock);
}

/** Opens the breaker of a rule over all accounts, by the control function's own check. False if it was open. */
export async function openBreaker(
  client: DynamoDBClient,
  orders: string,
  { rule, why }: { readonly rule: string; readonly why: string },
  clock: Clock,
): Promise<boolean> {
  const command = new UpdateItemCommand({
    TableName: orders,
    Key: { key: { S: orderKeys.breaker(rule) } },
    ConditionExpression: 'attribute_not_exists(opened)',
    UpdateExpression: 'SET opened = :at, why = :why REMOVE #by',
    ExpressionAttributeNames: { '#by': 'by' },
    ExpressionAttributeValues: { ':at': { S: clock.now().toISOString() }, ':why': { S: why } },
  });
  try {
    await retryContention(() => client.send(command), clock);
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

/** An open breaker with its rule. */
export interface ListedBreaker extends OpenBreaker {
  readonly rule: string;
}

/** The open breakers of these rules, the oldest first. */
export async function listOpenBreakers(
  client: DynamoDBClient,
  tables: CoordinationTables,
  rules: readonly string[],
  clock: Clock,
): Promise<readonly ListedBreaker[]> {
  const opened = await breakersInIndex(client, tables.coordination);
  const places = [...opened, ...rules.map((rule): Breaker => ({ rule }))].filter(({ rule }) => rules.includes(rule));
  const items = await itemsOf(client, tables, places, clock);
  const open = places.flatMap(({ rule, account = '' }) =>
    openBreakersIn(items, rule, account).map((one): ListedBreaker => ({ rule, ...one })),
  );
  const distinct = new Map(open.map((one) => [JSON.stringify([one.rule, one.account, one.at]), one]));
  return [...distinct.values()].toSorted((a, b) => Number(a.at > b.at) - Number(a.at < b.at));
}

/** The breakers that the rules' functions opened. An item of the index counts only by its key. */
async function breakersInIndex(client: DynamoDBClient, coordination: string): Promise<readonly Breaker[]> {
  const found: Breaker[] = [];
  for await (const { key } of openItems(client, coordination, { kind: 'breaker' })) {
    const [, rule, account] = /^breaker (\S+)(?: (\d{12}))?$/.exec(key?.S ?? '') ?? [];
    if (rule !== undefined) found.push({ rule, account });
  }
  return found;
}

async function itemsOf(
  client: DynamoDBClient,
  tables: CoordinationTables,
  places: readonly Breaker[],
  clock: Clock,
): Promise<BreakerItems> {
  const orders = new Map<string, Item>();
  const coordination = new Map<string, Item>();
  const distinct = [...new Set(places.flatMap(({ rule, account }) => [orderKeys.breaker(rule), orderKeys.breaker(rule, account)]))];
  // The keys are the same in both tables.
  for (let from = 0; from < distinct.length; from += maxKeys / 2) {
    const some = distinct.slice(from, from + maxKeys / 2);
    const read = await getItems(client, { [tables.orders]: some, [tables.coordination]: some }, clock);
    for (const [key, item] of read[tables.orders] ?? []) orders.set(key, item);
    for (const [key, item] of read[tables.coordination] ?? []) coordination.set(key, item);
  }
  return { orders, coordination };
}

/** The open breakers that concern the account, also that of all; without an account, all of the rule. */
export async function openBreakersOf(
  client: DynamoDBClient,
  tables: CoordinationTables,
  { rule, account }: Breaker,
  clock: Clock,
): Promise<readonly ListedBreaker[]> {
  // The index may lag behind, so the items of a known account are read by key.
  if (account === undefined) return listOpenBreakers(client, tables, [rule], clock);
  const items = await itemsOf(client, tables, [{ rule, account }], clock);
  return openBreakersIn(items, rule, account).map((one) => ({ rule, ...one }));
}
