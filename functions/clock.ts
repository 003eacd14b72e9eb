import { setTimeout } from 'node:timers/promises';

export interface Clock {
  now(): Date;
  sleep(milliseconds: number): Promise<void>;
}

/** The clock of the machine. All else takes a clock: what time it is, a test decides. */
export const systemClock: Clock = { now: () => new Date(), sleep: (milliseconds) => setTimeout(milliseconds) };
