import type { Item } from './get-items';
import { keys, orderKeys } from './keys';

/** An open breaker. */
export interface OpenBreaker {
  /** The account in which it is open; undefined: in all accounts. */
  readonly account?: string;
  /** ISO 8601. */
  readonly at: string;
  readonly why: string;
}

/** The items of a rule's breakers, by key. */
export interface BreakerItems {
  readonly orders: ReadonlyMap<string, Item>;
  readonly coordination: ReadonlyMap<string, Item>;
}

/** When an approver closed the breakers, ISO 8601; `''` if never. Closing that of all accounts closes that of each. */
export interface Closings {
  readonly all: string;
  readonly account: string;
}

export function closingsIn(orders: BreakerItems['orders'], rule: string, account: string): Closings {
  const all = textIn(orders.get(orderKeys.breaker(rule)), 'closed');
  const own = textIn(orders.get(orderKeys.breaker(rule, account)), 'closed');
  return { all, account: own > all ? own : all };
}

/** The open breakers of the rule for an account, that of all accounts first. A breaker is open if it opened after it was closed. */
export function openBreakersIn({ orders, coordination }: BreakerItems, rule: string, account: string): readonly OpenBreaker[] {
  const closed = closingsIn(orders, rule, account);
  return [
    ...openedAfter(orders.get(orderKeys.breaker(rule)), ''),
    ...openedAfter(coordination.get(keys.breaker(rule)), closed.all),
    ...openedAfter(coordination.get(keys.breaker(rule, account)), closed.account).map((open) => ({ ...open, account })),
  ];
}

function openedAfter(item: Item | undefined, closed: string): readonly OpenBreaker[] {
  const at = textIn(item, 'opened');
  return at > closed ? [{ at, why: textIn(item, 'why') }] : [];
}

const textIn = (item: Item | undefined, name: string): string => String(item?.[name] ?? '');
