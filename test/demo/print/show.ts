import type { Check } from '../check';
import type { Decided } from '../decide';
import type { Delivery } from '../pass';
import type { Patch } from '../patch';
import type { Response } from '../respond';
import type { Summary } from '../summary';
import type { ShownTicket } from '../ticket';
import type { Trail } from '../trail';
import type { Undone } from '../undo';
import type { Progress } from './progress';

/** How the demo is shown while it runs. */
export interface Show extends Progress {
  /** A pass over all reports begins; answers what shows each as it is handled. */
  pass(name: 'observe' | 'fix', reports: number): (delivery: Delivery) => void;
  summary(summary: Summary): void;
  trail(trail: Trail): void;
  rollback(undone: Undone): void;
  decided(decided: Decided): void;
  ticket(ticket: ShownTicket): void;
  responses(responses: readonly Response[]): void;
  patch(patched: Patch): void;
  checks(checks: readonly Check[], seconds: number): void;
}

/** Shows nothing: for machines, who read the document at the end. */
export const silent: Show = {
  doing() {},
  detail() {},
  pass: () => () => {},
  summary() {},
  trail() {},
  rollback() {},
  decided() {},
  ticket() {},
  responses() {},
  patch() {},
  checks() {},
};
