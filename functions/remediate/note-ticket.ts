import { describe } from '../aws/error';
import type { Attempt } from '../findings/attempt';
import { findBreaks } from '../log/chain';
import type { LogEvent } from '../log/event';
import { type OutcomeNotice, outcomeEvent } from '../outcomes/outcome-event';
import { ticketNoteBeginning } from '../sources/security-hub/told';
import { hubFindingOf } from '../sources/verdict';
import { effectOf, isInScope } from '../tickets/life';
import type { AttemptContext, Result } from './context';
import { isAbout } from './detector/trail';
import { nextAttempt } from './next-attempt';
import type { Ports } from './ports';
import { ticketOf } from './ticket-note';

/**
 * Has the function come back for the note with the ticket, if the outcome opens one: the function of tickets, which talks to hosts outside of AWS,
 * updates no finding. Throws if it can't be scheduled.
 */
export async function scheduleTicketNote({ attempt, journal, ports }: AttemptContext, notice: OutcomeNotice): Promise<void> {
  const { finding } = attempt;
  const { remediation, finding: id, detectedBy } = journal.subject;
  // A command line can schedule nothing, and a report of another detector can continue the remediation.
  if (!ports.shownTicket || ports.openRemediations.user !== undefined || finding.id !== id || finding.detectedBy !== detectedBy) return;
  if (notice.repeated || (!finding.securityHub && !finding.securityHubV2)) return;
  const policy = await ports.policy();
  const event = outcomeEvent(notice, policy);
  const { tickets } = policy;
  if (!tickets || (event.rule.response && tickets.responses === 'none')) return;
  if (effectOf(event, tickets) === 'opens' && isInScope(event, tickets))
    await comeBack({ finding, number: 0, remediation, ticket: true }, ports);
}

/** Undefined after about a day. */
async function comeBack(attempt: Attempt & { readonly remediation: string }, { clock, scheduleRetry }: Ports): Promise<Date | undefined> {
  const name = `${attempt.remediation} ticket`;
  const next = nextAttempt(attempt.number, clock.now(), name);
  if (next)
    await scheduleRetry({ ...attempt, number: next.number }, next.at, `${name} ${next.number} ${next.at.toISOString().slice(0, 16)}`);
  return next?.at;
}

/**
 * Writes the key of the ticket into the note of a finding that waits for somebody, and sets it to NOTIFIED, so that its event is known as our own.
 * What other people wrote, suppressed or resolved is left as it is.
 */
export async function noteTicket(attempt: Attempt, ports: Ports): Promise<Result> {
  const { remediation = '', finding } = attempt;
  const events = await ports.log.read(remediation);
  const last = events.at(-1);
  if (!last || findBreaks(events).length > 0 || !isAbout(last, attempt, ports.rule.id))
    return ended(attempt, last, 'The log has no such remediation of the finding.');
  try {
    const ticket = await ticketOf(last, ports);
    if (ticket === undefined) return await later(attempt, last, 'The finding has no ticket yet.', ports);
    return ended(attempt, last, await write(ticket, last));
  } catch (error) {
    return later(attempt, last, `The ticket is not in the finding (${describe(error)}).`, ports);
  }

  async function write(ticket: string, { rule }: LogEvent): Promise<string> {
    const aws = ports.connect(finding);
    const seen = await hubFindingOf(finding, aws);
    const waits = seen && !seen.isArchived && seen.compliance === 'FAILED' && ['NEW', 'NOTIFIED'].includes(seen.workflow);
    if (!waits) return 'The finding waits for nobody any more. It is left as it is.';
    if (seen.note && !seen.note.isOurs) return 'The finding has the note of somebody else. It is left as it is.';
    if (seen.note?.text.includes(`${ticketNoteBeginning}${ticket}.`)) return `The finding already names the ticket ${ticket}.`;
    const note = `${ticketNoteBeginning}${ticket}. Rule ${rule}, remediation ${remediation}.`;
    await ports.tellSource(finding, { status: 'NOTIFIED', note }, aws);
    return `The finding names the ticket ${ticket}.`;
  }
}

async function later(attempt: Attempt, last: LogEvent, why: string, ports: Ports): Promise<Result> {
  const at = await comeBack({ ...attempt, remediation: last.remediation }, ports);
  return ended(attempt, last, at ? `${why} Next attempt at ${at.toISOString()}.` : `${why} It is not tried again.`);
}

/** The remediation was counted when it ended. */
const ended = ({ remediation = '', finding: { resource } }: Attempt, last: LogEvent | undefined, reason: string): Result => ({
  remediation,
  resource: last?.resource ?? ('arn' in resource.reported ? resource.reported.arn : resource.reported.configId),
  outcome: last?.outcome ?? 'already-compliant',
  reason,
});
