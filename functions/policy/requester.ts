import { matchesWildcard } from '../../rules/wildcard';
import { quote } from '../untrusted-text';
import { accountIn } from './bus-policy';
import type { Policy } from './policy';
import { isPrincipal } from './principal';

/** What the policy says of a tool that requests remediations. */
export type Requester = Policy['requesters'][string];

/** What a request is about: the id of a rule, an account, and the ARN of a resource. */
export interface Requested {
  readonly requester: string;
  readonly rule: string;
  readonly account: string;
  readonly resource: string;
}

export const requesterNamed = ({ requesters }: Pick<Policy, 'requesters'>, name: string): Requester | undefined =>
  Object.hasOwn(requesters, name) ? requesters[name] : undefined;

/** Why the policy does not let the requester ask for this; undefined if it does. */
export function beyondRequester(
  policy: Pick<Policy, 'requesters'>,
  { requester, rule, account, resource }: Requested,
): { readonly code: 'unknown-requester' | 'beyond-requester'; readonly reason: string } | undefined {
  const known = requesterNamed(policy, requester);
  if (!known) {
    const reason = `The policy has no requester ${quote(requester)}. Add it under \`requesters\`, and deploy the stack Posture.`;
    return { code: 'unknown-requester', reason };
  }
  const beyond = [
    ['rules', 'rule', rule, known.rules],
    ['accounts', 'account', account, known.accounts],
    ['resources', 'resource', resource, known.resources],
  ] as const;
  const [key, what, said] = beyond.find(([, , value, patterns]) => patterns?.some((one) => matchesWildcard(value, one)) === false) ?? [];
  if (key === undefined) return undefined;
  return {
    code: 'beyond-requester',
    reason: `The policy does not let ${requester} request the ${what} ${quote(said)}: \`requesters.${requester}.${key}\` does not have it.`,
  };
}

/** Whether an operator is one of the principals of the requester, so that the request may be theirs. */
export const isOfRequester = (by: string, { principals }: Pick<Requester, 'principals'>): boolean =>
  principals.some((one) => isPrincipal(by, one) || (accountIn(one) !== undefined && accountIn(one) === by.split(':')[4]));
