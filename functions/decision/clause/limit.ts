import { days, hours } from '../../duration';
import type { Policy } from '../../policy/policy';
import type { Facts, Used } from '../facts';
import type { Weighed } from '../verdict';

const periods = { hour: hours(1), day: days(1) } as const;
type Period = keyof typeof periods;

/** Whether the limit of this hour or day is reached, for the rule, the account, or all. */
export function limit({ policy: { limits }, standing, now }: Facts): readonly Weighed[] {
  if ('unknown' in standing) return [];
  const { used } = standing.known;
  return (['rule', 'account', 'all'] as const).flatMap((sort) =>
    (['hour', 'day'] as const).flatMap((period) => weigh(limits, sort, period, used[sort], now)),
  );
}

function weigh(limits: Policy['limits'], sort: 'rule' | 'account' | 'all', period: Period, used: Used, now: Date): readonly Weighed[] {
  const most = limits[sort][period];
  if (most === undefined) return [];
  const count = `${used[period]} of ${most} changes this ${period} ${whose[sort]}`;
  if (used[period] < most) return [{ clause: 'limit', answer: 'fix', reason: count }];
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
