import type { Clock } from './clock';

export interface Backoff {
  readonly clock: Clock;
  /** Milliseconds before the second attempt, the third, and so on; after the last pause, there is no further attempt. */
  readonly pauses: readonly number[];
  /** Multiplies each pause by a random factor from 0.5 to 1.5, so that concurrent callers spread out. */
  readonly jitter?: boolean;
  /** The last pause is repeated for as long as the next attempt begins within so many milliseconds of the first. */
  readonly within?: number;
}

/** Polls until an answer is final, or the time is over. Returns the last answer, final or not; an error is thrown immediately. */
export async function poll<Answer>(ask: () => Promise<Answer>, isFinal: (answer: Answer) => boolean, backoff: Backoff): Promise<Answer> {
  const next = pacing(backoff);
  for (;;) {
    const answer = await ask();
    if (isFinal(answer) || !(await next())) return answer;
  }
}

/** Retries until it succeeds, fails permanently, or the time is over. Throws the last error. */
export async function retry<Answer>(
  attempt: () => Promise<Answer>,
  isTransient: (error: unknown) => boolean,
  backoff: Backoff,
): Promise<Answer> {
  const next = pacing(backoff);
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!isTransient(error) || !(await next())) throw error;
    }
  }
}

/** Waits for the next attempt. False: there is none. */
function pacing({ clock, pauses, jitter = false, within }: Backoff): () => Promise<boolean> {
  const end = within === undefined ? undefined : clock.now().getTime() + within;
  let made = 0;
  return async () => {
    const base = pauses[made] ?? (end === undefined ? undefined : pauses.at(-1));
    if (base === undefined) return false;
    const pause = base * (jitter ? 0.5 + Math.random() : 1);
    if (end !== undefined && clock.now().getTime() + pause > end) return false;
    made += 1;
    await clock.sleep(pause);
    return true;
  };
}
