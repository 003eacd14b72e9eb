import { detectorsOf } from '../../rules/detectors';
import { type Rule, toArray } from '../../rules/rule';

/** Two rules whose routes can match the same event. */
export interface Overlap {
  readonly rule: string;
  readonly other: string;
  /** `both` act on it; or it matches the route of `rule` by a prefix of its name, and only `other` acts on it. */
  readonly how: 'both' | 'prefix';
  /** The control, or the name of the Config rule, that `other` has in its `detectedBy`. */
  readonly on: string;
}

/** The events that match more than one route, for a test: a common control or AWS Config rule, and AWS Config rules whose name begins with that of another. */
export function overlaps(rules: readonly Pick<Rule, 'id' | 'detectedBy'>[]): readonly Overlap[] {
  return rules.flatMap((rule, index) =>
    rules.flatMap((other, position) => {
      if (rule === other) return [];
      const shared = position < index ? [] : sharedBy(rule.detectedBy, other.detectedBy);
      const longer = other.detectedBy.config.filter(
        (name) => !rule.detectedBy.config.includes(name) && rule.detectedBy.config.some((short) => name.startsWith(`${short}-`)),
      );
      return [
        ...shared.map((on): Overlap => ({ rule: rule.id, other: other.id, how: 'both', on })),
        ...longer.map((on): Overlap => ({ rule: rule.id, other: other.id, how: 'prefix', on })),
      ];
    }),
  );
}

/** Findings of GuardDuty in which the resource is attacked, and those in which it attacks, match different routes. */
function sharedBy(one: Rule['detectedBy'], other: Rule['detectedBy']): readonly string[] {
  const { guardDuty: threats, ...named } = one;
  const { guardDuty: otherThreats, ...otherNamed } = other;
  const threatening = toArray(threats ?? []).flatMap(({ types, resourceRole }) =>
    toArray(otherThreats ?? []).flatMap((theirs) => {
      const isApart = resourceRole !== undefined && theirs.resourceRole !== undefined && resourceRole !== theirs.resourceRole;
      return isApart ? [] : theirs.types.filter((type) => types.includes(type));
    }),
  );
  return [...detectorsOf(otherNamed).filter((name) => detectorsOf(named).includes(name)), ...threatening];
}
