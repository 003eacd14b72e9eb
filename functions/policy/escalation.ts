import { matchesWildcard } from '../../rules/wildcard';
import { hours, minutes } from '../duration';
import type { Deadline } from './deadline';
import type { Policy } from './policy';
import { type Case, matchOf } from './scope';

/** Times in ISO 8601. */
interface Asked {
  /** Since when the plan awaits approval. */
  readonly askedAt: string;
  /** When the attacker was last seen, as far as the source says so. */
  readonly seenAt: string;
}

/** When the request for an approval of a response is escalated, and whether the response is carried out then. */
export interface Escalation extends Deadline {
  /** The clause that authorizes it in advance. */
  readonly by?: string;
}

/**
 * Undefined for what is no response. Only a clause that matches with certainty authorizes anything, and nothing authorizes the response to an
 * old finding: who was attacked then may be another one now. Pure.
 */
export function escalationOf({ responses }: Pick<Policy, 'responses'>, about: Case, { askedAt, seenAt }: Asked): Escalation | undefined {
  if (!about.rule.response) return undefined;
  const at = new Date(Date.parse(askedAt) + minutes(responses.escalate.minutes));
  const isFresh = at.getTime() - Date.parse(seenAt) <= hours(responses.approvalHours);
  const index = responses.preauthorized.findIndex(
    ({ types, ...scope }) => types.some((type) => matchesWildcard(about.detectedBy, type)) && matchOf(scope, about) === 'yes',
  );
  return isFresh && index >= 0 ? { at, action: 'fix', by: `responses.preauthorized[${index}]` } : { at, action: 'escalate' };
}
