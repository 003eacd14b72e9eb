import { days, hours } from '../../duration';
import type { Policy } from '../../policy/policy';
import type { Facts, Used } from '../facts';
import type { ClauseResult } from '../verdict';

const periods = { hour: hours(1), day: days(1) } as const;
type Period = keyof typeof periods;

/** Whether the limit of this hour or day is reached, for the rule, the account, or all. */
export function limit({ policy: { limits }, recorded, now }: Facts): readonly ClauseResult[] {
  if ('unknown' in recorded) return [];
  const { used, counted } = recorded.known;
  // It would wait for itself: a permit is counted once.
  if (counted) return [{ clause: 'limit', answer: 'fix', reason: 'this remediation is counted already' }];
  return (['rule', 'account', 'all'] as const).flatMap((sort) =>
    (['hour', 'day'] as const).flatMap((period) => evaluate(limits, sort, period, used[sort], now)),
  );
}

function evaluate(
  limits: Policy['limits'],
  sort: 'rule' | 'account' | 'all',
  period: Period,
  used: Used,
  now: Date,
): readonly ClauseResult[] {
  const limit = limits[sort][period];
  if (limit === undefined) return [];
  const count = `${used[period]} of ${limit} changes this ${period} ${whose[sort]}`;
  if (used[period] < limit) return [{ clause: 'limit', answer: 'fix', reason: count }];
  return [
    {
      clause: 'limit',
      answer: limits.beyond,
      reason: `${count}: limit reached`,
      ...(limits.beyond === 'defer' && { until: nextPeriod(period, now) }),
    },
  ];
}

const whose = { rule: 'of this rule', account: 'in this account', all: 'in total' } as const;

/** The start of the next hour or day, in UTC. */
export const nextPeriod = (period: Period, now: Date): Date =>
  new Date((Math.floor(now.getTime() / periods[period]) + 1) * periods[period]);
