import type { Orders } from './order';
import { approve } from './orders/approve';
import { closeRule } from './orders/close-breaker';
import { lookNow } from './orders/fix';
import { reject } from './orders/reject';
import { release } from './orders/release';
import { takeBack } from './orders/rollback';
import { start } from './orders/start';
import { stop } from './orders/stop';
import { parseOrder } from './parse-order';
import type { ControlTools } from './ports';
import type { Reply } from './reply';

/** What carries out each order. Each asks first whether this person may give it. */
const orders: { readonly [Name in keyof Orders]: (order: Orders[Name], by: string, tools: ControlTools) => Promise<Reply> } = {
  approve,
  reject,
  release,
  rollback: takeBack,
  fix: lookNow,
  stop,
  start,
  'close-breaker': closeRule,
};

/** Carries out what `by` orders. `by` is who signed the request, and never what the request says. */
export async function carryOut(given: unknown, by: string, tools: ControlTools): Promise<Reply> {
  const parsed = await parseOrder(given, by, tools);
  return 'refusal' in parsed ? parsed.refusal : carryOutNamed(parsed.order.order, parsed.order, by, tools);
}

const carryOutNamed = <Name extends keyof Orders>(name: Name, order: Orders[Name], by: string, tools: ControlTools): Promise<Reply> =>
  orders[name](order, by, tools);
