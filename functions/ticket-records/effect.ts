import { caseOf } from '../outcomes/case-of';
import type { OutcomeEvent } from '../outcomes/outcome-schema';
import { mayHold } from '../policy/scope';
import type { Tickets } from '../policy/tickets';

/** What an outcome does to the ticket of its misconfiguration. */
export type Effect = 'opens' | 'comments' | 'closes' | 'nothing';

/** By the policy. An outcome in several lists has its strongest effect: it opens before it closes. What is overdue opens in any case. Pure. */
export function effectOf(
  { outcome, deadline }: Pick<OutcomeEvent, 'outcome' | 'deadline'>,
  { open, comment, close }: Pick<Tickets, 'open' | 'comment' | 'close'>,
): Effect {
  if (deadline?.passed || open.includes(outcome)) return 'opens';
  if (close.includes(outcome)) return 'closes';
  return comment.includes(outcome) ? 'comments' : 'nothing';
}

/** Whether only those who may know of threats and exposed resources may read its ticket. */
export const isConfidential = ({ rule: { exposes, response } }: Pick<OutcomeEvent, 'rule'>): boolean =>
  exposes === true || response === true;

/** Whether the policy has no tickets of its kind. */
export const isLeftOut = (
  { rule: { exposes, response } }: Pick<OutcomeEvent, 'rule'>,
  { exposures, responses }: Pick<Tickets, 'exposures' | 'responses'>,
): boolean => (response === true && responses === 'none') || (exposes === true && exposures === 'none');

/** Whether the misconfiguration gets a ticket. What depends on something that was not read, does: the owner has to know. */
export const isInScope = (event: OutcomeEvent, { scope }: Pick<Tickets, 'scope'>): boolean => mayHold(scope, caseOf(event));
