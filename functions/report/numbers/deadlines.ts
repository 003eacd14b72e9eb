import { days } from '../../duration';
import type { Misconfiguration } from './misconfigurations';
import type { Span } from './span';

/** An open misconfiguration with a deadline of the policy. */
export interface Due {
  readonly of: Misconfiguration;
  /** In milliseconds since 1970. */
  readonly deadline: number;
}

export const deadlineDefinition =
  'Until when the policy wanted what is open to be ended, as the log states with the outcome. Missed is a deadline that passed while the misconfiguration was open, also if a later report of it has a later one.';

/** The deadlines of what is open: those that passed before the end of the period, and those within a day after it; the first one first. */
export function deadlinesOf(
  open: readonly Misconfiguration[],
  { until }: Span,
): { readonly missed: readonly Due[]; readonly soon: readonly Due[] } {
  const missed = open.flatMap((of) => missedBy(of, until));
  const soon = open.flatMap((of): readonly Due[] => {
    const { deadline } = of.last;
    const isSoon = deadline !== undefined && deadline > until && deadline <= until + days(1);
    return isSoon && missedBy(of, until).length === 0 ? [{ of, deadline }] : [];
  });
  return { missed: firstFirst(missed), soon: firstFirst(soon) };
}

/** The first deadline that passed before the next report, or before the end. */
function missedBy(of: Misconfiguration, end: number): readonly Due[] {
  const { openHistory } = of;
  const passed = openHistory.flatMap(({ deadline }, index) => {
    const next = openHistory[index + 1];
    const until = Math.min(end, next?.stamps.received ?? next?.at ?? end);
    return deadline !== undefined && deadline <= until ? [deadline] : [];
  });
  return passed.length === 0 ? [] : [{ of, deadline: Math.min(...passed) }];
}

const firstFirst = (all: readonly Due[]): readonly Due[] => all.toSorted((a, b) => a.deadline - b.deadline);
