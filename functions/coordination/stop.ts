import { DeleteItemCommand, type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { retryContention } from '../aws/contention';
import type { Clock } from '../clock';
import type { Attribution, RecordedState } from '../decision/facts';
import { getItems, type Item } from './get-items';
import { orderKeys } from './keys';

/** What can be stopped by itself: the changes of settings, and responses to threats. */
export const stoppable = ['settings', 'responses'] as const;
export type Stoppable = (typeof stoppable)[number];
/** `all`: both, as every stop once was. */
export type Stopped = Stoppable | 'all';

/** A rule, which is a response to threats or not. */
interface Responding {
  readonly response?: true | undefined;
}

/** Who stopped what. */
export type Stops = Readonly<Partial<Record<Stopped, Attribution>>>;

const keyOf = (of: Stopped): string => (of === 'all' ? orderKeys.stop : orderKeys.stopOf(of));

/** The keys of the stops. */
export const stopKeys: readonly string[] = (['all', ...stoppable] as const).map(keyOf);

/** The keys of the stops that keep the rule from changing anything. */
export const stopKeysFor = ({ response }: Responding): readonly [string, string] => [
  orderKeys.stop,
  orderKeys.stopOf(response ? 'responses' : 'settings'),
];

/** Who stopped the rule, if its changes are stopped. An item is a stop, whatever it says. */
export function stopIn(orders: ReadonlyMap<string, Item>, rule: Responding): RecordedState['stop'] {
  const [all, alone] = stopKeysFor(rule).map((key) => orders.get(key));
  if (all) return attributionIn(all);
  return alone && { ...attributionIn(alone), what: stoppedText[rule.response ? 'responses' : 'settings'] };
}

/** The stops among the items. */
export const stopsIn = (orders: ReadonlyMap<string, Item>): Stops =>
  Object.fromEntries(
    (['all', ...stoppable] as const).flatMap((of) => {
      const item = orders.get(keyOf(of));
      return item ? [[of, attributionIn(item)]] : [];
    }),
  );

const attributionIn = ({ by, at, why }: Item): Attribution => ({ by: text(by), at: text(at), why: text(why) });

const text = (value: unknown): string => (typeof value === 'string' ? value : 'unknown');

/** Effective immediately: every worker reads it right before its first change. */
export async function putStop(client: DynamoDBClient, table: string, of: Stopped, attribution: Attribution, clock: Clock): Promise<void> {
  const put = new PutItemCommand({ TableName: table, Item: marshall({ key: keyOf(of), ...attribution }) });
  await retryContention(() => client.send(put), clock);
}

/** Who stopped what, now. */
export async function getStops(client: DynamoDBClient, table: string, clock: Clock): Promise<Stops> {
  const { [table]: items = new Map<string, Item>() } = await getItems(client, { [table]: stopKeys }, clock);
  return stopsIn(items);
}

/** Allows changes again: all, or those alone. Of a stop of all, the rest stays stopped. */
export async function removeStop(client: DynamoDBClient, table: string, of: Stopped, clock: Clock): Promise<void> {
  const { all } = await getStops(client, table, clock);
  const [other] = stoppable.filter((one) => one !== of);
  // First: at no moment is more allowed than is asked for.
  if (of !== 'all' && all && other) await putStop(client, table, other, all, clock);
  const removed: readonly Stopped[] = of === 'all' ? ['all', ...stoppable] : ['all', of];
  for (const one of removed)
    await retryContention(() => client.send(new DeleteItemCommand({ TableName: table, Key: { key: { S: keyOf(one) } } })), clock);
}

/** What is stopped or allowed again, for readers. */
export const stoppedText: Readonly<Record<Stopped, string>> = {
  all: 'all changes',
  settings: 'the changes of settings',
  responses: 'the responses to threats',
};
