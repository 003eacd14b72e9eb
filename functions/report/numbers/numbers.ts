import { type Requirement, requirementsOf, type Standard } from '../../standards/standards';
import type { CentralFact, Facts } from '../facts';
import { type Answers, answersOf } from './answers';
import { expiring } from './exemptions';
import { type Group, groupedBy, groupOf, type RequirementGroup, requirementGroups, standardGroups } from './groups';
import { type Misconfiguration, misconfigurationsOf, type PlaceOf, type RequirementsOf } from './misconfigurations';
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

/** The controls of Security Hub that a rule fixes. */
export type ControlsOf = (rule: string) => readonly string[];

export interface NumbersInput {
  readonly facts: readonly Facts[];
  readonly central: readonly CentralFact[];
  readonly span: Span;
  readonly controlsOf: ControlsOf;
  /** Without it, ARNs tell resources apart. */
  readonly placeOf?: PlaceOf;
  /** Only what serves this standard; of the standards, only this one. */
  readonly standard?: Standard;
  /** Only resources of this owner. */
  readonly owner?: string;
}

export function numbersOf({ facts: given, central, span, controlsOf, placeOf = byArn, standard, owner }: NumbersInput): Numbers {
  const requirements = wantedRequirements(controlsOf, standard);
  const facts = withOwners(given).filter(
    (one) => (owner === undefined || one.owner === owner) && (standard === undefined || requirements(one).length > 0),
  );
  const counted = facts.filter(({ at }) => within(at, span));
  const all = misconfigurationsOf(counted, requirements, placeOf);
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
    byStandard: standardGroups(all, span),
    byRequirement: requirementGroups(all, span),
    open: openAt(all, span),
    recurring: recurringOnes(all, span),
    expiring: expiring(all, span),
    answers: answersOf(facts, span),
    central: central.filter(({ at }) => within(at, span)).toSorted((a, b) => a.at - b.at),
  };
}

const byArn: PlaceOf = ({ resource }) => resource;

/** Remembers them: many remediations have the same control. */
function wantedRequirements(controlsOf: ControlsOf, standard: Standard | undefined): RequirementsOf {
  const known = new Map<string, readonly Requirement[]>();
  return (one) => {
    const key = `${one.control} ${one.rule}`;
    const found =
      known.get(key) ?? requirementsOf(one, controlsOf(one.rule)).filter((each) => standard === undefined || each.standard === standard);
    known.set(key, found);
    return found;
  };
}
