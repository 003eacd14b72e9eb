import type { Attempt } from '../findings/attempt';
import type { Journal } from '../log/journal';
import { type OutcomeNotice, outcomeEvent } from '../outcomes/outcome-event';
import { effectOf, isInScope, isLeftOut } from '../ticket-records/effect';
import { nextAttempt } from './next-attempt';
import type { Ports } from './ports';
import { ticketOf } from './ticket-note';

interface Of {
  readonly attempt: Attempt;
  readonly journal: Pick<Journal, 'subject'>;
  readonly ports: Ports;
}

/**
 * Has the function come back for the note with the ticket, if the outcome opens one or finds one: the function of tickets, which talks to hosts outside of AWS,
 * updates no finding. Throws if it can't be scheduled.
 */
export async function scheduleTicketNote({ attempt, journal, ports }: Of, notice: OutcomeNotice): Promise<void> {
  const { finding } = attempt;
  const { remediation, finding: id, detectedBy } = journal.subject;
  // A command line can schedule nothing, and a report of another detector can continue the remediation.
  if (!ports.shownTicket || ports.openRemediations.user !== undefined || finding.id !== id || finding.detectedBy !== detectedBy) return;
  if (notice.repeated || (!finding.securityHub && !finding.securityHubV2)) return;
  const policy = await ports.policy();
  const event = outcomeEvent(notice, policy);
  const { tickets } = policy;
  if (!tickets || isLeftOut(event, tickets)) return;
  const opens = effectOf(event, tickets) === 'opens' && isInScope(event, tickets);
  // A rollback opens a ticket while the finding still passes: the report after it, which is exempt, brings the ticket into the finding.
  const isOpen = event.outcome === 'exempt' && (await ticketOf(journal.subject, ports)) !== undefined;
  if (opens || isOpen) await scheduleNote({ finding, number: 0, remediation, ticket: true }, ports);
}

/** The time of the next attempt; undefined after about a day. */
export async function scheduleNote(
  attempt: Attempt & { readonly remediation: string },
  { clock, scheduleRetry }: Ports,
): Promise<Date | undefined> {
  const name = `${attempt.remediation} ticket`;
  const next = nextAttempt(attempt.number, clock.now(), name);
  if (next)
    await scheduleRetry({ ...attempt, number: next.number }, next.at, `${name} ${next.number} ${next.at.toISOString().slice(0, 16)}`);
  return next?.at;
}
