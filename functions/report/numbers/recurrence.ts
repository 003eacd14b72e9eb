import { days } from '../../duration';
import type { Misconfiguration } from './misconfigurations';
import { type Span, within } from './span';

/** How many fixes did not last. */
export interface Recurrence {
  /** Verified fixes in the period. */
  readonly fixes: number;
  /** Those after which the same resource was found noncompliant again, within 30 days. */
  readonly recurred: number;
  /** Those that have not recurred, and whose 30 days end after the period: they still can. */
  readonly stillCan: number;
}

export const recurrenceDays = 30;

export const recurrenceDefinition = `A fix recurred if the same rule found the same resource noncompliant again within ${recurrenceDays} days after the fix was verified, and in the period. Fixes whose ${recurrenceDays} days are not over can still recur.`;

/** The fixes of these misconfigurations, and how many of them recurred. */
export function recurrenceOf(all: readonly Misconfiguration[], span: Span): Recurrence {
  let fixes = 0;
  let recurred = 0;
  let stillCan = 0;
  for (const { history } of all) {
    for (const { stamps } of history) {
      const { verified } = stamps;
      if (!within(verified, span)) continue;
      fixes += 1;
      const ends = verified + days(recurrenceDays);
      if (history.some((later) => isAgain(later, verified, ends))) recurred += 1;
      else if (ends > span.until) stillCan += 1;
    }
  }
  return { fixes, recurred, stillCan };
}

function isAgain({ category, stamps: { received }, at }: Misconfiguration['last'], verified: number, ends: number): boolean {
  const time = received ?? at;
  return category !== 'compliant' && time > verified && time <= ends;
}
