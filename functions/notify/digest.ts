import * as z from 'zod';
import { minutes, seconds } from '../duration';

/** The outcomes beyond the message limit of a minute. */
export interface Digest {
  /** `2026-11-24T13:05`, in UTC. */
  readonly minute: string;
  readonly beyond: number;
  /** By rule and outcome, the most frequent first. */
  readonly counts: readonly { readonly what: string; readonly count: number }[];
  /** The first outcomes, one per line. */
  readonly lines: readonly string[];
}

/** Commands that list all of them, in all accounts: one per rule, for the first rules. */
export const readingOf = ({ minute, counts }: Pick<Digest, 'minute' | 'counts'>): readonly string[] => {
  // The notifications of this minute may be about events of the minute before.
  const since = new Date(Date.parse(`${minute}:00Z`) - minutes(1)).toISOString().replace('.000', '');
  const rules = [...new Set(counts.map(({ what }) => what.split(' ')[0] ?? ''))];
  return rules.slice(0, 5).map((rule) => `posture log --rule ${rule} --since ${since} --limit all`);
};

/** The scheduled message that makes the function send a digest. */
export const reminderShape = z.strictObject({
  digest: z.strictObject({
    topic: z.string().min(1).max(300),
    format: z.enum(['email', 'chat']),
    minute: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/),
  }),
});

export type Reminder = z.infer<typeof reminderShape>;

/** The delay after the minute, so that all invocations that started in it have finished. */
const pause = seconds(10);

/** The time of the digest of a minute. */
export const digestTime = (minute: string): Date => new Date(Date.parse(`${minute}:00Z`) + minutes(1) + pause);
