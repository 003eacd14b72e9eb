import type { Requirement } from '../../standards/standards';
import { type Category, categories, openCategories } from '../category';
import type { Facts } from '../facts';
import { groupBy } from '../group-by';

/** One resource that does not satisfy one rule, with all its remediations in the period. */
export interface Misconfiguration {
  /** What tells its resource from others, by `PlaceOf`. */
  readonly place: string;
  /** In the order of their outcomes. */
  readonly history: readonly Facts[];
  /** The remediation that says how it stands. */
  readonly last: Facts;
  readonly category: Category;
  /** What it concerns; none, if no standard has its control. */
  readonly requirements: readonly Requirement[];
  /** When it was detected that is still there; left out if it isn't open, or no event says it. */
  readonly openSince?: number;
  /** The remediations since then, in the same order; none if it isn't open. */
  readonly openHistory: readonly Facts[];
}

/** The number of misconfigurations in each category. */
export type Counts = Readonly<Record<Category, number>>;

/** The misconfigurations: several reports of the same one are one. */
export function misconfigurationsOf(
  facts: readonly Facts[],
  requirementsOf: RequirementsOf,
  placeOf: PlaceOf,
): readonly Misconfiguration[] {
  const byPlace = groupBy(facts, (one) => `${one.rule} ${placeOf(one)}`);
  return [...byPlace.values()].map((all) =>
    standingOf(
      all.sort((a, b) => a.at - b.at || (a.remediation < b.remediation ? -1 : 1)),
      requirementsOf,
      placeOf,
    ),
  );
}

/** What tells a resource from others: its ARN, and its Region for a setting that an account has in each Region, as all have the same ARN. */
export type PlaceOf = (facts: Pick<Facts, 'rule' | 'resource' | 'resourceType' | 'account' | 'region'>) => string;

export type RequirementsOf = (facts: Pick<Facts, 'control' | 'rule'>) => readonly Requirement[];

function standingOf(history: readonly Facts[], requirementsOf: RequirementsOf, placeOf: PlaceOf): Misconfiguration {
  let last: Facts | undefined;
  let openSince: number | undefined;
  let openHistory: Facts[] = [];
  for (const one of history) {
    // Another report of what is fixed already says nothing new.
    if (last?.category === 'fixed' && one.category === 'compliant') continue;
    const wasOpen = last !== undefined && isOpen(last.category);
    if (!isOpen(one.category)) openSince = undefined;
    else if (!wasOpen) openSince = one.stamps.detected;
    openHistory = isOpen(one.category) ? [...openHistory, one] : [];
    last = one;
  }
  if (!last || last.category === 'unchanged') throw new Error('A misconfiguration needs a remediation with an outcome.');
  const requirements = requirementsOf(last);
  return {
    ...{ place: placeOf(last), history, last, category: last.category, requirements, openHistory },
    ...(openSince !== undefined && { openSince }),
  };
}

export const isOpen = (category: Facts['category']): boolean => category !== 'unchanged' && openCategories.includes(category);

export function countsOf(all: readonly Pick<Misconfiguration, 'category'>[]): Counts {
  const counts = Object.fromEntries(categories.map((category) => [category, 0])) as Record<Category, number>;
  for (const { category } of all) counts[category] += 1;
  return counts;
}
