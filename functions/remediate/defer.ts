const attempts = 30;
const longestPause = 3600;

/** When a finding comes again, a little later each time: 1, 2, 4 … 60 minutes; undefined after 30 times, about a day. */
export function defer(attempt: number, now: Date): { readonly attempt: number; readonly at: Date } | undefined {
  if (attempt >= attempts) return undefined;
  const seconds = Math.min(60 * 2 ** Math.min(attempt, 10), longestPause);
  return { attempt: attempt + 1, at: new Date(now.getTime() + seconds * 1000) };
}
