import { days } from '../../duration';
import type { Misconfiguration } from './misconfigurations';
import type { Span } from './span';

export const expiryDays = 30;

/** The exemptions that end within 30 days after the period, the first one first. */
export const expiring = (all: readonly Misconfiguration[], { until: end }: Span): readonly Misconfiguration[] =>
  all
    .filter(
      ({ category, last: { until } }) => category === 'exempt' && until !== undefined && until >= end && until <= end + days(expiryDays),
    )
    .toSorted((a, b) => (a.last.until ?? 0) - (b.last.until ?? 0));
