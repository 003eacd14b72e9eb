import { createHash } from 'node:crypto';
import { seconds } from '../duration';

const attempts = 30;
/** Seconds. */
const maxPause = 3600;
const maxPauseOfOpen = 86_400;

/**
 * The time of the next attempt, at growing intervals: 1, 2, 4 … 60 minutes, and up to half as much more, so that the findings of a burst are
 * retried at different times. The same name always has the same interval. Undefined after 30 attempts, about a day.
 */
export function nextAttempt(number: number, now: Date, name: string): { readonly number: number; readonly at: Date } | undefined {
  return number >= attempts ? undefined : { number: number + 1, at: after(number, now, name, maxPause) };
}

/** The time of the next attempt for a remediation whose changes are partly in effect: at intervals that grow up to a day, without an end. */
export const nextAttemptOfOpen = (number: number, now: Date, name: string): Date => after(number, now, name, maxPauseOfOpen);

function after(number: number, now: Date, name: string, max: number): Date {
  const pause = Math.min(60 * 2 ** Math.min(number, 20), max) * (1 + spread(name, 1000) / 2000);
  return new Date(now.getTime() + seconds(Math.round(pause)));
}

/** A number from 0 to below `max`, always the same for a name. */
export const spread = (name: string, max: number): number => createHash('sha256').update(name).digest().readUInt32BE(0) % max;
