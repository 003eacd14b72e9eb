import { instantOf } from './calendar';
import type { PlacedFault } from './name-faults';
import type { Policy } from './policy';

const day = 86_400_000;
/** An exemption that ends within so many days is told. */
const soonDays = 14;

/** A freeze that would never hold. */
export function* freezeFaults({ freezes }: Pick<Policy, 'freezes'>): Generator<PlacedFault> {
  for (const [index, { from, to, timeZone }] of freezes.entries()) {
    if (instantOf(to, timeZone) <= instantOf(from, timeZone))
      yield [['freezes', index, 'to'], `${to} is not after ${from}, so it would never hold. Give a later time.`];
  }
}

/** Exemptions that hold no more, or soon will not. */
export function* expiryWarnings({ exemptions }: Pick<Policy, 'exemptions'>, now: Date): Generator<PlacedFault> {
  for (const [index, { expires, owner }] of exemptions.entries()) {
    // It holds to the end of its last day.
    const left = Date.parse(`${expires}T00:00:00Z`) + day - now.getTime();
    if (left <= 0) yield [['exemptions', index, 'expires'], `it held until ${expires} and holds no more. Take it out, or ask ${owner}.`];
    else if (left < soonDays * day)
      yield [['exemptions', index, 'expires'], `it holds until ${expires}, which is soon. Renew it or let it go: ask ${owner}.`];
  }
}
