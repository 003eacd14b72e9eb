import { describe } from '../aws/error';
import type { Attempt } from '../findings/attempt';
import type { Subject } from '../log/event';
import type { Journal } from '../log/journal';
import { named } from '../outcomes/outcome-event';
import type { Ports } from './ports';

interface TicketNoteContext {
  readonly attempt: Pick<Attempt, 'finding'>;
  readonly journal: Pick<Journal, 'subject'>;
  readonly ports: Pick<Ports, 'policy' | 'shownTicket' | 'warn'>;
}

/** The end of a note in a finding: ` Ticket SEC-12.`; empty if there is no ticket, or if it can't be read. */
export async function ticketNote({ attempt: { finding }, journal: { subject }, ports }: TicketNoteContext): Promise<string> {
  if (!finding.securityHub && !finding.securityHubV2) return '';
  const ticket = await ticketOf(subject, ports).catch((error: unknown) => {
    ports.warn('The ticket is not in the note', { remediation: subject.remediation, error: describe(error) });
    return undefined;
  });
  return ticket === undefined ? '' : ` Ticket ${ticket}.`;
}

/** The key of the ticket of the misconfiguration that a remediation is about. */
export async function ticketOf(
  { rule, resource, account, region }: Pick<Subject, 'rule' | 'resource' | 'account' | 'region'>,
  { policy, shownTicket }: Pick<Ports, 'policy' | 'shownTicket'>,
): Promise<string | undefined> {
  if (!shownTicket) return undefined;
  const { tickets } = await policy();
  return tickets && shownTicket({ rule: { id: rule }, resource: { arn: named(resource) }, account, region }, tickets.tracker.vendor);
}
