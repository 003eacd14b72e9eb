import { matchesWildcard } from '../../rules/wildcard';
import type { Policy } from '../policy/policy';
import { mayHold } from '../policy/scope';
import { caseOf } from './case-of';
import type { OutcomeEvent } from './outcome-schema';
import { hasToKnow } from './to-know';

export type Format = Policy['notifications']['topics'][number]['format'];

export interface Recipient {
  /** ARN. */
  readonly topic: string;
  readonly format: Format;
}

/**
 * The topics to notify, each once. The central topic gets all outcomes that require attention, unless the policy configures it.
 * A topic whose scope may match is notified, so that nothing is lost; an owner's topic only for resources that are certainly the owner's. Pure.
 */
export function recipientsOf(event: OutcomeEvent, { topics }: Policy['notifications'], centralTopic: string): readonly Recipient[] {
  if (event.repeated) return [];
  const about = caseOf(event);
  const asked = topics.filter(
    (one) => (one.outcomes?.includes(event.outcome) ?? hasToKnow(event)) && owns(one.owners, event.owner) && mayHold(one, about),
  );
  const own =
    topics.some(({ topic }) => topic === centralTopic) || !hasToKnow(event) ? [] : [{ topic: centralTopic, format: 'email' } as const];
  const first = [...own, ...asked].map(({ topic, format }): Recipient => ({ topic, format }));
  return first.filter(({ topic }, index) => first.findIndex((one) => one.topic === topic) === index);
}

/** Whether any topic may have to be notified: also the central one, which the policy can configure. Pure. */
export const isWanted = (event: OutcomeEvent, notifications: Policy['notifications']): boolean =>
  recipientsOf(event, notifications, 'central').length > 0;

const owns = (owners: readonly string[] | undefined, owner: string | undefined): boolean =>
  owners === undefined || (owner !== undefined && owners.some((one) => matchesWildcard(owner, one)));
