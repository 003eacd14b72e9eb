import { createHash } from 'node:crypto';
import { seconds } from '../duration';

const attempts = 30;
/** Seconds. */
const maxPause = 3600;

/**
 * The time of the next attempt, at growing intervals: 1, 2, 4 … 60 minutes, and up to half as much more, so that the findings of a burst are
 * retried at different times. The same name always has the same interval. Undefined after 30 attempts, about a day.
 */
export function nextAttempt(number: number, now: Date, name: string): { readonly number: number; readonly at: Date } | undefined {
  if (number >= attempts) return undefined;
  const pause = Math.min(60 * 2 ** Math.min(number, 10), maxPause) * (1 + spread(name, 1000) / 2000);
  return { number: number + 1, at: new Date(now.getTime() + seconds(Math.round(pause))) };
}

/** A number from 0 to below `max`, always the same for a name. */
export const spread = (name: string, max: number): number => createHash('sha256').update(name).digest().readUInt32BE(0) % max;
