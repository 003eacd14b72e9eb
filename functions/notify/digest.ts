import * as z from 'zod';
import { minutes, seconds } from '../duration';

/** What was too much for a minute. */
export interface Digest {
  /** `2026-11-24T13:05`, in UTC. */
  readonly minute: string;
  readonly beyond: number;
  /** By rule and outcome, the most frequent first. */
  readonly counts: readonly { readonly what: string; readonly count: number }[];
  /** The first of them, one a line. */
  readonly lines: readonly string[];
}

/** Commands that read all of it, of whatever account: one a rule, for the first few. */
export const readingOf = ({ minute, counts }: Pick<Digest, 'minute' | 'counts'>): readonly string[] => {
  // What was told in this minute may have been logged in the one before.
  const since = new Date(Date.parse(`${minute}:00Z`) - minutes(1)).toISOString().replace('.000', '');
  const rules = [...new Set(counts.map(({ what }) => what.split(' ')[0] ?? ''))];
  return rules.slice(0, 5).map((rule) => `posture log --rule ${rule} --since ${since} --limit all`);
};

/** The message with which the function has itself reminded of a digest. */
export const reminderShape = z.strictObject({
  digest: z.strictObject({
    topic: z.string().min(1).max(300),
    format: z.enum(['email', 'chat']),
    minute: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/),
  }),
});

export type Reminder = z.infer<typeof reminderShape>;

/** After the end of a minute, until its digest is made: who began in that minute has come to an end. */
const pause = seconds(10);

/** When the digest of the minute is made. */
export const digestTime = (minute: string): Date => new Date(Date.parse(`${minute}:00Z`) + minutes(1) + pause);
