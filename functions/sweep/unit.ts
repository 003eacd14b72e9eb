import type { Place, Rule } from '../../rules/rule';
import type { Position } from '../coordination/sweep-position';

/** A rule in an account and Region. */
export interface Unit {
  readonly place: Place;
  readonly rule: Rule;
  /** The account, the Region and the rule. */
  readonly path: readonly [account: string, region: string, rule: string];
}

interface World {
  readonly accounts: readonly string[];
  readonly regions: readonly string[];
  readonly rules: readonly Rule[];
  readonly central: Pick<Place, 'partition'>;
}

/** What is not behind the position, account by account and Region by Region, in the order of the text. */
export function* unitsAfter(after: Position, { accounts, regions, rules, central: { partition } }: World): Generator<Unit> {
  const inOrder = rules.toSorted((one, other) => (one.id < other.id ? -1 : 1));
  for (const account of accounts.toSorted())
    for (const region of regions.toSorted())
      for (const rule of inOrder) {
        const path = [account, region, rule.id] as const;
        if (!isBehind(path, after)) yield { place: { partition, account, region }, rule, path };
      }
}

/** Whether all of it is behind the position, which may be within it. */
export function isBehind(path: readonly string[], after: Position): boolean {
  if (after.length === 0) return false;
  for (const [index, reached] of after.entries()) {
    const part = path[index];
    if (part === undefined) return false;
    if (part !== reached) return part < reached;
  }
  return true;
}
