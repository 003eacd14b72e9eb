import type { Facts, Stamps } from '../facts';
import { type Durations, durationsOf } from './durations';
import { type Span, within } from './span';

/** A time that is measured, with its definition as it is printed beside the number. */
interface Definition {
  readonly title: string;
  readonly from: keyof Stamps;
  readonly to: keyof Stamps;
  /** Of all remediations, or only of those with a verified fix in the period. */
  readonly of: 'all' | 'fixed';
  readonly definition: string;
}

export const measureDefinitions = {
  detect: {
    title: 'Time to detect',
    from: 'occurred',
    to: 'detected',
    of: 'all',
    definition:
      'From the moment in which the misconfiguration came about until its source detected it. Unknown where the source doesn’t say when it came about.',
  },
  decide: {
    title: 'Time to decide',
    from: 'detected',
    to: 'decided',
    of: 'all',
    definition: 'From the detection until the first decision of the app. Unknown where the finding ended before a decision.',
  },
  remediate: {
    title: 'Time to remediate',
    from: 'detected',
    to: 'verified',
    of: 'fixed',
    definition:
      'From the detection until the rule’s check passed after the fix, waiting for approvals and windows included. Only fixes that were verified in the period; what is still open is counted by age.',
  },
  exposure: {
    title: 'Exposure',
    from: 'occurred',
    to: 'verified',
    of: 'fixed',
    definition:
      'From the moment in which the misconfiguration came about until the rule’s check passed after the fix. Unknown where the source doesn’t say when it came about.',
  },
} as const satisfies Readonly<Record<string, Definition>>;

export type Measure = keyof typeof measureDefinitions;

export const measures = Object.keys(measureDefinitions) as readonly Measure[];

export type Times = Readonly<Record<Measure, Durations>>;

/** All measures of some remediations. */
export function timesOf(facts: readonly Facts[], span: Span): Times {
  const fixed = facts.filter(({ stamps }) => within(stamps.verified, span));
  return Object.fromEntries(
    measures.map((measure) => {
      const { from, to, of } = measureDefinitions[measure];
      return [measure, durationsOf((of === 'fixed' ? fixed : facts).map(({ stamps }) => between(stamps[from], stamps[to])))];
    }),
  ) as Times;
}

/** Sources state their times themselves: a duration below zero is none. */
const between = (from: number | undefined, to: number | undefined): number | undefined =>
  from === undefined || to === undefined || to < from ? undefined : to - from;
