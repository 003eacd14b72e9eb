import type { Orders } from './order';
import { approve } from './orders/approve';
import { closeBreaker } from './orders/close-breaker';
import { drill } from './orders/drill';
import { fix } from './orders/fix';
import { reject } from './orders/reject';
import { release } from './orders/release';
import { resume } from './orders/resume';
import { rollback } from './orders/rollback';
import { stop } from './orders/stop';
import { parseOrder } from './parse-order';
import type { ControlPorts } from './ports';
import type { Reply } from './reply';

/** The handler of each request. Each first checks whether the caller is authorized. */
const orders: { readonly [Name in keyof Orders]: (order: Orders[Name], by: string, ports: ControlPorts) => Promise<Reply> } = {
  approve,
  reject,
  release,
  rollback,
  fix,
  drill,
  stop,
  resume,
  'close-breaker': closeBreaker,
};

/** Handles a request. `by` is the principal that signed it, never a part of its content. */
export async function carryOut(given: unknown, by: string, ports: ControlPorts): Promise<Reply> {
  const parsed = await parseOrder(given, by, ports);
  return 'refusal' in parsed ? parsed.refusal : carryOutNamed(parsed.order.order, parsed.order, by, ports);
}

const carryOutNamed = <Name extends keyof Orders>(name: Name, order: Orders[Name], by: string, ports: ControlPorts): Promise<Reply> =>
  orders[name](order, by, ports);
