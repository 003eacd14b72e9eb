import type { CentralFact, Facts } from '../facts';
import { requirementsOf, type Standard } from '../standards';
import { type Answers, answersOf } from './answers';
import { expiring } from './exemptions';
import { type ControlsOf, type Group, groupedBy, groupOf, type RequirementGroup, requirementGroups, standardGroups } from './groups';
import { type Misconfiguration, misconfigurationsOf } from './misconfigurations';
import { type Open, openAt } from './open';
import { withOwners } from './owners';
import { type Recurring, recurringOnes } from './recurring';
import { type Span, within } from './span';
import { type Timeline, timelineOf } from './timeline';

/** All numbers of a report. Each is computed from the facts alone. */
export interface Numbers {
  readonly span: Span;
  /** Remediations with an outcome in the period. */
  readonly remediations: number;
  readonly misconfigurations: readonly Misconfiguration[];
  readonly all: Group;
  readonly timeline: Timeline;
  readonly bySeverity: readonly Group[];
  readonly byRule: readonly Group[];
  readonly byControl: readonly Group[];
  readonly byAccount: readonly Group[];
  readonly bySource: readonly Group[];
  /** By who says when it came about; `unknown` if nobody does. */
  readonly byOccurrence: readonly Group[];
  /** Without those of which the log states no owner. */
  readonly byOwner: readonly Group[];
  readonly byStandard: readonly Group[];
  readonly byRequirement: readonly RequirementGroup[];
  readonly open: Open;
  readonly recurring: readonly Recurring[];
  readonly expiring: readonly Misconfiguration[];
  readonly answers: readonly Answers[];
  /** Stops, and their ends. */
  readonly central: readonly CentralFact[];
}

export interface NumbersInput {
  readonly facts: readonly Facts[];
  readonly central: readonly CentralFact[];
  readonly span: Span;
  readonly controlsOf: ControlsOf;
  /** Only what serves this standard; of the standards, only this one. */
  readonly standard?: Standard;
  /** Only resources of this owner. */
  readonly owner?: string;
}

export function numbersOf({ facts: given, central, span, controlsOf, standard, owner }: NumbersInput): Numbers {
  const isWanted = (one: { readonly standard: Standard }) => standard === undefined || one.standard === standard;
  const facts = withOwners(given).filter(
    (one) =>
      (owner === undefined || one.owner === owner) && (standard === undefined || requirementsOf(one, controlsOf(one.rule)).some(isWanted)),
  );
  const counted = facts.filter(({ at }) => within(at, span));
  const all = misconfigurationsOf(counted);
  const by = (keyOf: (last: Facts) => string) => groupedBy(all, span, keyOf);
  return {
    span,
    remediations: counted.length,
    misconfigurations: all,
    all: groupOf('all', all, span),
    timeline: timelineOf(counted, span),
    bySeverity: by(({ severity }) => severity),
    byRule: by(({ rule }) => rule),
    byControl: by(({ control }) => control),
    byAccount: by(({ account }) => account),
    bySource: by(({ source }) => source),
    byOccurrence: by(({ occurrence }) => occurrence ?? 'unknown'),
    byOwner: groupedBy(
      all.filter(({ last }) => last.owner !== undefined),
      span,
      (last) => last.owner ?? '',
    ),
    byStandard: standardGroups(all, span, controlsOf).filter(({ key }) => standard === undefined || key === standard),
    byRequirement: requirementGroups(all, span, controlsOf).filter(isWanted),
    open: openAt(all, span),
    recurring: recurringOnes(all, span),
    expiring: expiring(all, span),
    answers: answersOf(facts, span),
    central: central.filter(({ at }) => within(at, span)).toSorted((a, b) => a.at - b.at),
  };
}
