import { setTimeout } from 'node:timers/promises';

export interface Clock {
  now(): Date;
  sleep(milliseconds: number): Promise<void>;
}

/** The system clock. All other code takes a clock as a parameter, so that tests control the time. */
export const systemClock: Clock = { now: () => new Date(), sleep: (milliseconds) => setTimeout(milliseconds) };
