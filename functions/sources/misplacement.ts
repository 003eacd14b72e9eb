import type { Place } from '../../rules/rule';
import type { RefusalCode } from '../findings/finding';
import type { Envelope, Scope } from './envelope';

export type Misplacement = {
  readonly problem: string;
  readonly code: Extract<RefusalCode, 'untrusted-product' | 'contradictory-event' | 'foreign-account'>;
};

/** Why an event from this account and Region can't be about that place; undefined if it can. `service`: whose administrator reports about others. */
export function misplacement(
  place: Place,
  { account, region }: Pick<Envelope, 'account' | 'region'>,
  { centralAccount }: Scope,
  service: string,
): Misplacement | undefined {
  if (account === place.account && region === place.region) return undefined;
  if (account === centralAccount) return undefined;
  const administrator = `the delegated administrator of ${service} (${centralAccount ?? 'not set'})`;
  return {
    code: 'foreign-account',
    problem: `The event is from account ${account}, ${region}, but the finding is for account ${place.account}, ${place.region}. Only ${administrator} may report findings of other accounts.`,
  };
}
