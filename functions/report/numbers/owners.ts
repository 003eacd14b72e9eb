import type { Facts } from '../facts';

export const ownerDefinition =
  'The owner of a resource is what the log last says of it in the period: the value of its owner tag, or else whom the policy names for tickets of its account.';

/** The remediations, each with the owner that the log last states for its resource. */
export function withOwners(facts: readonly Facts[]): readonly Facts[] {
  const last = new Map<string, Facts>();
  for (const one of facts) {
    if (one.owner === undefined) continue;
    const other = last.get(keyOf(one));
    if (!other || one.at >= other.at) last.set(keyOf(one), one);
  }
  return facts.map((one) => {
    const owner = last.get(keyOf(one))?.owner;
    return owner === undefined || owner === one.owner ? one : { ...one, owner };
  });
}

/** The settings of an account have the same ARN in all its Regions. */
const keyOf = ({ account, region, resource }: Facts): string => `${account} ${region} ${resource}`;

/** The owners, those with the most remediations first. */
export const ownersIn = (facts: readonly Facts[]): readonly string[] => {
  const counts = new Map<string, number>();
  for (const { owner } of facts) if (owner !== undefined) counts.set(owner, (counts.get(owner) ?? 0) + 1);
  return [...counts].toSorted(([a, some], [b, others]) => others - some || (a < b ? -1 : 1)).map(([owner]) => owner);
};
