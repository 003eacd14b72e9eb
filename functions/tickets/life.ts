import type { OutcomeEvent } from '../outcomes/outcome-schema';
import { isNear } from '../policy/deadline';
import type { Effect } from '../ticket-records/effect';
import type { TicketRecord } from './record';
import type { Ticket } from './tracker';

/** The next step of a ticket. */
export type Step =
  | { readonly do: 'create' }
  | { readonly do: 'comment'; readonly afterwards?: 'close' | 'reopen'; readonly recurred?: true }
  /** Nothing to write: `why` is for the log of the function. */
  | { readonly do: 'nothing'; readonly why: 'no-ticket' | 'closed-before' | 'said-before' | 'out-of-scope' };

interface Situation {
  readonly effect: Exclude<Effect, 'nothing'>;
  readonly record: Pick<TicketRecord, 'last'>;
  /** As the tracker has it now: a person may have closed, reopened or deleted it. */
  readonly ticket: Pick<Ticket, 'state'> | undefined;
  readonly inScope: boolean;
}

/** Decides by the outcome, the record and the ticket. Closing a ticket by hand exempts nothing: the next outcome that opens reopens it. Pure. */
export function stepOf(event: OutcomeEvent, { effect, record, ticket, inScope }: Situation): Step {
  if (!ticket) {
    if (effect !== 'opens') return { do: 'nothing', why: 'no-ticket' };
    return inScope ? { do: 'create' } : { do: 'nothing', why: 'out-of-scope' };
  }
  if (ticket.state === 'closed') {
    if (effect === 'closes') return { do: 'nothing', why: 'closed-before' };
    if (effect === 'opens') return { do: 'comment', afterwards: 'reopen', recurred: true };
    if (event.outcome === 'already-compliant') return { do: 'nothing', why: 'closed-before' };
    return { do: 'comment', ...(event.outcome === 'fixed' && { recurred: true as const }) };
  }
  if (effect === 'closes') return { do: 'comment', afterwards: 'close' };
  return isSame(event, record.last) ? { do: 'nothing', why: 'said-before' } : { do: 'comment' };
}

/** What is as expected is reported by each detector, in remediations of their own. */
const isSame = ({ remediation, outcome, code = '', approval, deadline, time }: OutcomeEvent, last: TicketRecord['last']): boolean =>
  last !== undefined &&
  (last.remediation === remediation || outcome === 'already-compliant') &&
  last.outcome === outcome &&
  last.code === code &&
  last.plan === approval?.hash &&
  (last.overdue ?? false) === (deadline?.passed ?? false) &&
  (last.near ?? false) === (deadline !== undefined && isNear(deadline.at, time));
