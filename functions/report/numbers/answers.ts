import type { Facts } from '../facts';
import { type Span, within } from './span';

/** The answers of one person. */
export interface Answers {
  /** The ARN in the log. */
  readonly by: string;
  readonly approved: number;
  readonly rejected: number;
}

/** Who approved and rejected plans in the period, the busiest first. */
export function answersOf(facts: readonly Facts[], span: Span): readonly Answers[] {
  const people = new Map<string, { approved: number; rejected: number }>();
  for (const { by, at, answer } of facts.flatMap(({ answers }) => answers)) {
    if (!within(at, span)) continue;
    const counts = people.get(by) ?? { approved: 0, rejected: 0 };
    people.set(by, counts);
    counts[answer] += 1;
  }
  return [...people]
    .map(([by, counts]) => ({ by, ...counts }))
    .toSorted((a, b) => b.approved + b.rejected - a.approved - a.rejected || (a.by < b.by ? -1 : 1));
}
