import type { Facts, Stamps } from '../facts';
import { type Durations, durationsOf } from './durations';
import type { Misconfiguration } from './misconfigurations';
import { type Span, within } from './span';

/** A time that is measured, with its definition as it is printed beside the number. */
interface Definition {
  readonly title: string;
  readonly from: keyof Stamps;
  readonly to: keyof Stamps;
  /** Of what was detected in the period, each detection once; or of the fixes that were verified in it. */
  readonly of: 'detected' | 'fixed';
  readonly definition: string;
}

const cameAbout =
  'It is known where GuardDuty says when it first saw the activity, CloudTrail when the last call was made that could have brought the misconfiguration about, or a requesting tool when it came about. A misconfiguration may be older than that call, so the time is at least as long. Otherwise it is unknown.';

export const measureDefinitions = {
  detect: {
    title: 'Time to detect',
    from: 'occurred',
    to: 'detected',
    of: 'detected',
    definition: `From the moment in which the misconfiguration came about until its source detected it. Of what was detected in the period, each detection once, however often it was reported. ${cameAbout}`,
  },
  decide: {
    title: 'Time to decide',
    from: 'detected',
    to: 'decided',
    of: 'detected',
    definition:
      'From the detection until the first decision of the app, the delivery of the finding included. Of what was detected in the period, each detection once, however often it was reported. Unknown where the finding ended before a decision.',
  },
  remediate: {
    title: 'Time to remediate',
    from: 'detected',
    to: 'verified',
    of: 'fixed',
    definition:
      'From the detection until the rule’s check passed after the fix, waiting for approvals and windows included. Of all fixes that were verified in the period; what is still open is counted by age.',
  },
  exposure: {
    title: 'Exposure',
    from: 'occurred',
    to: 'verified',
    of: 'fixed',
    definition: `From the moment in which the misconfiguration came about until the rule’s check passed after the fix. Of all fixes that were verified in the period. ${cameAbout}`,
  },
} as const satisfies Readonly<Record<string, Definition>>;

export type Measure = keyof typeof measureDefinitions;

export const measures = Object.keys(measureDefinitions) as readonly Measure[];

export type Times = Readonly<Record<Measure, Durations>>;

/** All measures of some misconfigurations. */
export function timesOf(all: readonly Pick<Misconfiguration, 'history'>[], span: Span): Times {
  const some = {
    fixed: all.flatMap(({ history }) => history.filter(({ stamps }) => within(stamps.verified, span))),
    detected: all.flatMap(({ history }) => detectedIn(history, span)),
  };
  return Object.fromEntries(
    measures.map((measure) => {
      const { from, to, of } = measureDefinitions[measure];
      return [measure, durationsOf(some[of].map(({ stamps }) => between(stamps[from], stamps[to])))];
    }),
  ) as Times;
}

/** Of several reports of one detection of a misconfiguration, the first. A report that doesn't say when it was detected counts, as unknown. */
function detectedIn(facts: readonly Facts[], span: Span): readonly Facts[] {
  const first = new Map<number, Facts>();
  const undetected: Facts[] = [];
  for (const one of facts) {
    const { detected } = one.stamps;
    if (detected === undefined) undetected.push(one);
    if (!within(detected, span)) continue;
    const other = first.get(detected);
    if (!other || startOf(one) < startOf(other)) first.set(detected, one);
  }
  return [...first.values(), ...undetected];
}

const startOf = ({ stamps, at }: Facts): number => stamps.received ?? at;

/** Sources state their times themselves: a duration below zero is none. */
const between = (from: number | undefined, to: number | undefined): number | undefined =>
  from === undefined || to === undefined || to < from ? undefined : to - from;
