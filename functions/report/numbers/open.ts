import { days } from '../../duration';
import type { Facts } from '../facts';
import { type Due, deadlinesOf } from './deadlines';
import { isOpen, type Misconfiguration } from './misconfigurations';
import type { Span } from './span';

/** The ages of what is open, in days: from, and below. */
export const ages = [
  { label: 'under 1 day', below: 1 },
  { label: '1 to 7 days', below: 7 },
  { label: '7 to 30 days', below: 30 },
  { label: '30 to 90 days', below: 90 },
  { label: 'over 90 days', below: Number.POSITIVE_INFINITY },
] as const;

export const severities = ['critical', 'high', 'medium', 'low', 'unknown'] as const;

/** What is open at the end of the period. */
export interface Open {
  readonly total: number;
  /** Of which no event says when it was detected. */
  readonly unknownAge: number;
  /** By severity, then by age, in the order of `ages`. */
  readonly bySeverity: Readonly<Record<Facts['severity'], readonly number[]>>;
  /** What waits for longer than it should: for an approval that nobody gave in time, or a retry that did not come. */
  readonly overdue: readonly Misconfiguration[];
  /** What waits for an approval, the oldest first. */
  readonly awaitingApproval: readonly Misconfiguration[];
  /** By the deadlines of the policy: those that passed, and those within a day after the period. */
  readonly deadlineMissed: readonly Due[];
  readonly deadlineSoon: readonly Due[];
}

export const openDefinition =
  'Open is what was found and is still there at the end of the period, exempted ones apart. Its age is the time since its detection.';

export function openAt(all: readonly Misconfiguration[], span: Span): Open {
  const { until } = span;
  const open = all.filter(({ category }) => isOpen(category));
  const bySeverity = Object.fromEntries(severities.map((severity) => [severity, ages.map(() => 0)])) as Record<Facts['severity'], number[]>;
  for (const { last, openSince } of open) {
    if (openSince === undefined) continue;
    const group = ages.findIndex(({ below }) => until - openSince < days(below));
    const row = bySeverity[last.severity];
    row[group] = (row[group] ?? 0) + 1;
  }
  const { missed: deadlineMissed, soon: deadlineSoon } = deadlinesOf(open, span);
  return {
    total: open.length,
    unknownAge: open.filter(({ openSince }) => openSince === undefined).length,
    bySeverity,
    overdue: oldestFirst(open.filter(({ category, last }) => category === 'waiting' && last.until !== undefined && last.until < until)),
    awaitingApproval: oldestFirst(open.filter(({ last }) => last.outcome === 'awaiting-approval')),
    deadlineMissed,
    deadlineSoon,
  };
}

const oldestFirst = (all: readonly Misconfiguration[]): readonly Misconfiguration[] => all.toSorted((a, b) => a.last.at - b.last.at);
