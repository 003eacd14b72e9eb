import { spanOf } from './calendar';
import { endOf, endsSoon } from './expiry';
import type { Policy } from './policy';
import type { PlacedProblem } from './problem';

/** Freezes that would never apply. */
export function* freezeProblems({ freezes }: Pick<Policy, 'freezes'>): Generator<PlacedProblem> {
  for (const [index, freeze] of freezes.entries()) {
    const { from, to } = freeze;
    const { begins, ends } = spanOf(freeze);
    if (ends <= begins) yield [['freezes', index, 'to'], `${to} is not after ${from}, so the freeze would never apply. Set a later time.`];
  }
}

/** Exemptions that have expired, or expire soon. */
export function* expiryWarnings({ exemptions }: Pick<Policy, 'exemptions'>, now: Date): Generator<PlacedProblem> {
  for (const [index, { expires, owner }] of exemptions.entries()) {
    const end = endOf(expires);
    if (!end || end <= now)
      yield [['exemptions', index, 'expires'], `the exemption expired after ${expires}. Remove it, or renew it with ${owner}.`];
    else if (endsSoon(end, now))
      yield [['exemptions', index, 'expires'], `the exemption expires soon, after ${expires}. Renew or remove it with ${owner}.`];
  }
}
