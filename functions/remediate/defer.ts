import { createHash } from 'node:crypto';
import { seconds } from '../duration';

const attempts = 30;
/** Seconds. */
const longestPause = 3600;

/**
 * When a finding comes again, a little later each time: 1, 2, 4 … 60 minutes, and up to half as much more, always the same for a name, so that
 * a burst that AWS was too busy for does not come back as one. Undefined after 30 times, about a day.
 */
export function defer(attempt: number, now: Date, name: string): { readonly attempt: number; readonly at: Date } | undefined {
  if (attempt >= attempts) return undefined;
  const pause = Math.min(60 * 2 ** Math.min(attempt, 10), longestPause) * (1 + spread(name, 1000) / 2000);
  return { attempt: attempt + 1, at: new Date(now.getTime() + seconds(Math.round(pause))) };
}

/** A number from 0 to below `most`, always the same for a name. */
export const spread = (name: string, most: number): number => createHash('sha256').update(name).digest().readUInt32BE(0) % most;
