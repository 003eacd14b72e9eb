import { describe } from '../aws/error';
import type { Attempt } from '../findings/attempt';
import { findBreaks } from '../log/chain';
import type { LogEvent } from '../log/event';
import { isService } from '../sources/security-hub/services/product';
import { ticketNoteBeginning } from '../sources/security-hub/told';
import { hubFindingOf } from '../sources/verdict';
import type { Result } from './context';
import { isAbout } from './detector/trail';
import type { Ports } from './ports';
import { scheduleNote } from './schedule-ticket-note';
import { ticketOf } from './ticket-note';

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
    const waits =
      seen &&
      !seen.isArchived &&
      (seen.compliance === 'FAILED' || isService(finding.source)) &&
      ['NEW', 'NOTIFIED'].includes(seen.workflow);
    if (!waits) return 'The finding waits for nobody any more. It is left as it is.';
    if (seen.note && !seen.note.isOurs) return 'The finding has the note of somebody else. It is left as it is.';
    if (seen.note?.text.includes(`${ticketNoteBeginning}${ticket}.`)) return `The finding already names the ticket ${ticket}.`;
    const note = `${ticketNoteBeginning}${ticket}. Rule ${rule}, remediation ${remediation}.`;
    await ports.tellSource(finding, { status: 'NOTIFIED', note }, aws);
    return `The finding names the ticket ${ticket}.`;
  }
}

async function later(attempt: Attempt, last: LogEvent, why: string, ports: Ports): Promise<Result> {
  const at = await scheduleNote({ ...attempt, remediation: last.remediation }, ports);
  return ended(attempt, last, at ? `${why} Next attempt at ${at.toISOString()}.` : `${why} It is not tried again.`);
}

/** The remediation was counted when it ended. */
const ended = ({ remediation = '', finding: { resource } }: Attempt, last: LogEvent | undefined, reason: string): Result => ({
  remediation,
  resource: last?.resource ?? ('arn' in resource.reported ? resource.reported.arn : resource.reported.configId),
  outcome: last?.outcome ?? 'already-compliant',
  reason,
});
