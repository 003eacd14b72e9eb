import { spanOf } from './calendar';
import { endOf, endsSoon } from './expiry';
import type { PlacedFault } from './name-faults';
import type { Policy } from './policy';

/** A freeze that would never hold. */
export function* freezeFaults({ freezes }: Pick<Policy, 'freezes'>): Generator<PlacedFault> {
  for (const [index, freeze] of freezes.entries()) {
    const { from, to } = freeze;
    const { begins, ends } = spanOf(freeze);
    if (ends <= begins) yield [['freezes', index, 'to'], `${to} is not after ${from}, so it would never hold. Give a later time.`];
  }
}

/** Exemptions that hold no more, or soon will not. */
export function* expiryWarnings({ exemptions }: Pick<Policy, 'exemptions'>, now: Date): Generator<PlacedFault> {
  for (const [index, { expires, owner }] of exemptions.entries()) {
    const end = endOf(expires);
    if (!end || end <= now)
      yield [['exemptions', index, 'expires'], `it held until ${expires} and holds no more. Take it out, or ask ${owner}.`];
    else if (endsSoon(end, now))
      yield [['exemptions', index, 'expires'], `it holds until ${expires}, which is soon. Renew it or let it go: ask ${owner}.`];
  }
}
