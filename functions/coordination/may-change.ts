import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../clock';
import { resetBefore } from './breaker';
import { closingsIn, openBreakersIn } from './breaker-state';
import { getItems } from './get-items';
import { keys, orderKeys } from './keys';
import type { About } from './recorded-state';
import type { CoordinationTables } from './tables';

/**
 * Whether the rule may change something in the account now: there is no stop, and no breaker is open. Strongly consistent, and outside the
 * transaction of a permit: there, all fixes would contend on these items. A breaker that an approver has closed is reset, as only rules write
 * their counts.
 */
export async function mayChange(
  client: DynamoDBClient,
  tables: CoordinationTables,
  { rule, account }: Pick<About, 'rule' | 'account'>,
  clock: Clock,
): Promise<boolean> {
  const [all, own] = [keys.breaker(rule), keys.breaker(rule, account)];
  const read = await getItems(
    client,
    {
      [tables.orders]: [orderKeys.stop, orderKeys.breaker(rule), orderKeys.breaker(rule, account)],
      [tables.coordination]: [all, own],
    },
    clock,
  );
  const [orders = new Map(), coordination = new Map()] = [read[tables.orders], read[tables.coordination]];
  if (orders.has(orderKeys.stop) || openBreakersIn({ orders, coordination }, rule, account).length > 0) return false;
  const closed = closingsIn(orders, rule, account);
  if (coordination.get(all)?.opened !== undefined) await resetBefore({ client, tables, clock }, all, closed.all);
  if (coordination.get(own)?.opened !== undefined) await resetBefore({ client, tables, clock }, own, closed.account);
  return true;
}
