import { days } from '../../duration';
import type { Span } from '../numbers/span';

/** How often a report is made, and so how long its period is. */
export const cadences = ['weekly', 'monthly', 'quarterly', 'yearly'] as const;

export type Cadence = (typeof cadences)[number];

export interface Period {
  /** `2026-10`, `2026-Q3`, `2026`; of a week, its Monday: `week-2026-10-26`. */
  readonly name: string;
  /** From its first to its last millisecond, in UTC. */
  readonly span: Span;
}

const months = { monthly: 1, quarterly: 3, yearly: 12 } as const;

/** The last period that is over at this time. Weeks begin on Monday; all periods are those of the calendar in UTC. */
export function periodBefore(cadence: Cadence, at: Date): Period {
  const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()];
  if (cadence === 'weekly') {
    const end = Date.UTC(year, month, day - ((at.getUTCDay() + 6) % 7));
    const since = end - days(7);
    return { name: `week-${new Date(since).toISOString().slice(0, 10)}`, span: { since, until: end - 1 } };
  }
  const length = months[cadence];
  const first = month - (month % length);
  const since = Date.UTC(year, first - length, 1);
  return { name: nameOf(cadence, new Date(since)), span: { since, until: Date.UTC(year, first, 1) - 1 } };
}

function nameOf(cadence: keyof typeof months, since: Date): string {
  const month = since.toISOString().slice(0, 7);
  if (cadence === 'monthly') return month;
  const year = month.slice(0, 4);
  return cadence === 'yearly' ? year : `${year}-Q${since.getUTCMonth() / 3 + 1}`;
}
