import type { Requirement } from '../../standards/standards';
import type { Facts } from '../facts';
import { groupBy } from '../group-by';
import { type Times, timesOf } from './measures';
import { type Counts, countsOf, type Misconfiguration } from './misconfigurations';
import { type Recurrence, recurrenceOf } from './recurrence';
import type { Span } from './span';

/** The numbers of a group of misconfigurations: of an account, a rule, a standard. */
export interface Group {
  readonly key: string;
  /** Misconfigurations. */
  readonly found: number;
  readonly counts: Counts;
  readonly recurrence: Recurrence;
  /** Fixes of which the detector says that they are none. */
  readonly detectorDisagrees: number;
  readonly times: Times;
}

/** The numbers of each requirement of a standard. */
export interface RequirementGroup extends Group, Requirement {
  readonly controls: readonly string[];
}

export function groupOf(key: string, all: readonly Misconfiguration[], span: Span): Group {
  const facts = all.flatMap(({ history }) => history);
  return {
    key,
    found: all.length,
    counts: countsOf(all),
    recurrence: recurrenceOf(all, span),
    detectorDisagrees: facts.filter(({ detector }) => detector === 'disputed').length,
    times: timesOf(all, span),
  };
}

/** The groups by a key of each misconfiguration, the largest first. */
export function groupedBy(all: readonly Misconfiguration[], span: Span, keyOf: (last: Facts) => string): readonly Group[] {
  const groups = groupBy(all, ({ last }) => keyOf(last));
  return largestFirst([...groups].map(([key, some]) => groupOf(key, some, span)));
}

/** A misconfiguration counts in each standard and requirement that its control serves. */
export function requirementGroups(all: readonly Misconfiguration[], span: Span): readonly RequirementGroup[] {
  const groups = new Map<string, { readonly of: Requirement; readonly all: Misconfiguration[] }>();
  for (const one of all) {
    for (const of of one.requirements) {
      const key = `${of.standard} ${of.requirement}`;
      const group = groups.get(key) ?? { of, all: [] };
      groups.set(key, group);
      group.all.push(one);
    }
  }
  return [...groups].map(([key, group]) => ({
    ...groupOf(key, group.all, span),
    ...group.of,
    controls: [...new Set(group.all.map(({ last }) => last.control))].toSorted(),
  }));
}

export function standardGroups(all: readonly Misconfiguration[], span: Span): readonly Group[] {
  const groups = new Map<string, Misconfiguration[]>();
  for (const one of all) {
    const named = new Set(one.requirements.map(({ standard }) => standard));
    for (const standard of named) {
      const group = groups.get(standard) ?? [];
      groups.set(standard, group);
      group.push(one);
    }
  }
  return largestFirst([...groups].map(([key, some]) => groupOf(key, some, span)));
}

const largestFirst = (groups: readonly Group[]): readonly Group[] =>
  groups.toSorted((a, b) => b.found - a.found || (a.key < b.key ? -1 : 1));
