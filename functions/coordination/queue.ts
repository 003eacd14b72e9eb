import { days, hours, minutes, seconds } from '../duration';

/** The queue of a limit: `of` is `all`, `rule <id>` or `account <id>`. */
export interface QueueKey {
  readonly of: string;
  readonly period: 'hour' | 'day';
}

/** A limit that is reached, with how many changes it allows in a period: at least one. */
export interface Queue extends QueueKey {
  readonly max: number;
}

/** The longest time to wait for a turn: the policy may have changed by then. */
export const maxWait = days(7);

const lengths = { hour: hours(1), day: days(1) } as const;
/** EventBridge Scheduler invokes within a minute, and the clocks differ: the turns keep away from the ends of their period. */
const after = seconds(5);
const before = minutes(2);

/**
 * The next turn of a queue that ends at `ends` (milliseconds since 1970), in the first period that has room: as many turns in each period as
 * the limit allows changes, evenly spread. Pure. `start` is its position, from which the queue ends `step` later.
 */
export function nextTurn(
  { period, max }: Queue,
  ends: number | undefined,
  now: Date,
): { readonly start: number; readonly step: number; readonly at: Date } {
  const length = lengths[period];
  const next = (Math.floor(now.getTime() / length) + 1) * length;
  const start = Math.max(next, ends ?? 0);
  const offset = start % length;
  const at = start - offset + after + Math.floor((offset * (length - after - before)) / length);
  return { start, step: Math.ceil(length / max), at: new Date(at) };
}
