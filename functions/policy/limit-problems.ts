import type { Policy } from './policy';
import type { PlacedProblem } from './problem';

/** Limits that let one account use up the limit of all accounts. */
export function* limitWarnings({ limits: { account, all } }: Pick<Policy, 'limits'>): Generator<PlacedProblem> {
  const { hour = Number.POSITIVE_INFINITY, day = Number.POSITIVE_INFINITY } = account;
  const bounds = { hour: Math.min(hour, day), day: Math.min(day, hour * 24) } as const;
  for (const period of ['hour', 'day'] as const) {
    const max = all[period];
    // With a limit of 0, there is nothing to use up.
    if (max === undefined || max === 0 || bounds[period] < max) continue;
    const message = `one account can use up the limit of all accounts, ${max} changes per ${period}. Set limits.account.${period} below it.`;
    yield [['limits', 'account', period], message];
  }
}
