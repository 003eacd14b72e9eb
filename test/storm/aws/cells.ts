/** The resources of all accounts, by ARN, each as plain data: what a walk over the world sees. */
export type Cells = Map<string, Cell>;

// biome-ignore lint/suspicious/noExplicitAny: every sort of resource has data of its own.
export type Cell = Record<string, any>;

/**
 * A value that a service shows only later. `now` until `at`, then `next`: the answer of a write says nothing of it.
 */
export interface Slow<Value> {
  readonly now: Value;
  readonly next: Value;
  readonly at: number;
}

export const settled = <Value>(value: Value): Slow<Value> => ({ now: value, next: value, at: 0 });

export const shown = <Value>({ now, next, at }: Slow<Value>, time: number): Value => (time < at ? now : next);

/** The value as a later write sees it, and the next one visible after a while. */
export const changeSlowly = <Value>(slow: Slow<Value>, next: Value, time: number, delay: number): Slow<Value> => ({
  now: shown(slow, time),
  next,
  at: time + delay,
});
