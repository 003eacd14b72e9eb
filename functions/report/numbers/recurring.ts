import type { Misconfiguration } from './misconfigurations';
import { recurrenceOf } from './recurrence';
import type { Span } from './span';

/** A misconfiguration that came back after a fix. */
export interface Recurring {
  readonly of: Misconfiguration;
  readonly fixes: number;
  readonly recurred: number;
}

/** The misconfigurations that came back, the most frequent first. */
export const recurringOnes = (all: readonly Misconfiguration[], span: Span): readonly Recurring[] =>
  all
    .map((of) => ({ of, ...recurrenceOf([of], span) }))
    .filter(({ recurred }) => recurred > 0)
    .map(({ of, fixes, recurred }) => ({ of, fixes, recurred }))
    .toSorted((a, b) => b.recurred - a.recurred || b.fixes - a.fixes || (a.of.last.resource < b.of.last.resource ? -1 : 1));
