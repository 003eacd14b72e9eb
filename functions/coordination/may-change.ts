import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../clock';
import { resetBefore } from './breaker';
import { closingsIn, openBreakersIn } from './breaker-state';
import { containmentsIn } from './containment';
import { getItems } from './get-items';
import { keys, orderKeys } from './keys';
import type { About } from './recorded-state';
import { stopIn, stopKeysFor } from './stop';
import type { CoordinationTables } from './tables';

/** A rule that is about to change something. `resource`: the key of the lease; a response is not kept from it by another one. */
export type Changing = Pick<About, 'rule' | 'account' | 'resource' | 'response'>;

/**
 * Whether the rule may change the resource now: there is no stop, no breaker is open, and no response contains it. Strongly consistent, and outside the
 * transaction of a permit: there, all fixes would contend on these items. A breaker that an approver has closed is reset, as only rules write
 * their counts.
 */
export async function mayChange(
  client: DynamoDBClient,
  tables: CoordinationTables,
  { rule, account, resource, response }: Changing,
  clock: Clock,
): Promise<boolean> {
  const [all, own] = [keys.breaker(rule), keys.breaker(rule, account)];
  const read = await getItems(
    client,
    {
      [tables.orders]: [...stopKeysFor({ response }), orderKeys.breaker(rule), orderKeys.breaker(rule, account)],
      [tables.coordination]: [all, own, ...(response ? [] : [keys.contained(resource)])],
    },
    clock,
  );
  const [orders = new Map(), coordination = new Map()] = [read[tables.orders], read[tables.coordination]];
  if (stopIn(orders, { response }) || openBreakersIn({ orders, coordination }, rule, account).length > 0) return false;
  if (containmentsIn(coordination.get(keys.contained(resource)), clock.now()).length > 0) return false;
  const closed = closingsIn(orders, rule, account);
  if (coordination.get(all)?.opened !== undefined) await resetBefore({ client, tables, clock }, all, closed.all);
  if (coordination.get(own)?.opened !== undefined) await resetBefore({ client, tables, clock }, own, closed.account);
  return true;
}
