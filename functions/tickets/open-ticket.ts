import { describe } from '../aws/error';
import { seconds } from '../duration';
import { noteMark } from '../ticket-records/mark';
import type { Document } from './document';
import type { TicketPorts } from './ports';
import type { Held } from './record';
import { RetryLater } from './retry-later';
import type { Draft, Ticket, Tracker, Written } from './tracker';
import { isTrackerError, mayBeDone } from './tracker-error';

/** A held record with its tracker. */
export interface Handling {
  readonly held: Held;
  readonly tracker: Tracker;
  /** Of the tracker and its project. */
  readonly name: string;
  /** Seconds after which a search finds a new ticket. */
  readonly searchLag: number;
  readonly ports: Pick<TicketPorts, 'clock' | 'warn' | 'countDropped'>;
}

/** Longer than the time limit of a request, so that a create that nobody waits for any more has ended. */
const answerLimit = 20;

/**
 * The ticket of the record as the tracker has it. What a create that was not answered may have made is looked for first. If the policy names another
 * tracker by now, the ticket of the record is not ours there.
 */
export async function presentTicket(handling: Handling): Promise<Ticket | undefined> {
  const { held, tracker, name } = handling;
  const { id, of = name, ticket: replaces } = held.record;
  if (id !== undefined && of === name) return tracker.read(id);
  if (id !== undefined) {
    await held.save({ replaces, id: undefined, ticket: undefined, url: undefined, of: undefined });
    return adopt(handling);
  }
  return held.record.creating === undefined ? undefined : adopt(handling);
}

/** Finds a ticket with the mark and keeps it; its duplicates are closed. Throws a RetryLater as long as the search may not know of the last create. */
export async function adopt(handling: Handling): Promise<Ticket | undefined> {
  const { held, tracker, searchLag, ports } = handling;
  const { creating } = held.record;
  if (creating !== undefined) {
    const wait = Date.parse(creating) + seconds(answerLimit + searchLag) - ports.clock.now().getTime();
    if (wait > 0) throw new RetryLater(wait / 1000, `A create of ${held.mark} was not answered. The search may not know of it yet.`);
  }
  const [ticket, ...duplicates] = await tracker.find(held.mark);
  if (!ticket) return undefined;
  await keep(handling, ticket);
  await closeDuplicates(handling, ticket, duplicates);
  return ticket;
}

/** Creates the ticket. The intent is recorded first: whoever comes after a crash searches before creating again. */
export async function create(handling: Handling, draft: Draft, event: string): Promise<Ticket> {
  const { held, searchLag, ports } = handling;
  const before = held.record.creating;
  await held.save({ creating: ports.clock.now().toISOString(), createdBy: event, ...(before !== undefined && { unsure: true }) });
  let ticket: Ticket;
  try {
    ticket = await createWith(handling, draft);
  } catch (error) {
    if (mayBeDone(error))
      throw new RetryLater(answerLimit + searchLag, `It is not known whether ${held.mark} was created.`, { cause: error });
    await held.save({ creating: before });
    throw error;
  }
  await keep(handling, ticket);
  tellDropped(ports, ticket.key, ticket);
  return ticket;
}

/** Without its assignee if the tracker refuses the ticket with it: somebody may have left, or have another name now. */
async function createWith({ held, tracker, ports }: Handling, { assignee, ...draft }: Draft): Promise<Ticket> {
  if (assignee === undefined) return tracker.create(held.mark, draft);
  try {
    return await tracker.create(held.mark, { ...draft, assignee });
  } catch (error) {
    if (!isTrackerError(error) || error.failure !== 'rejected') throw error;
    const ticket = await tracker.create(held.mark, draft);
    ports.warn('The tracker refused the assignee of a ticket', { ticket: ticket.key, assignee, reason: describe(error) });
    return ticket;
  }
}

/** Logs and counts what the tracker ignored. */
export function tellDropped({ countDropped, warn }: Handling['ports'], ticket: string, { dropped }: Written): void {
  if (!dropped) return;
  countDropped();
  warn('The tracker ignored a field of a ticket', { ticket, fields: dropped });
}

async function keep({ held, name }: Handling, { id, key, url }: Ticket): Promise<void> {
  const { creating, unsure } = held.record;
  // A create that was not answered may still be carried out after this search.
  const isUnsure = unsure === true || creating !== undefined;
  await held.save({ id, ticket: key, url, of: name, creating: undefined, ...(isUnsure && { unsure: true }) });
}

/** Looks for a second ticket if a create was not answered once. The recorded one is kept. */
export async function settleDuplicates(handling: Handling, ticket: Ticket): Promise<void> {
  const { held, tracker } = handling;
  if (!held.record.unsure) return;
  const found = await tracker.find(held.mark);
  await closeDuplicates(
    handling,
    ticket,
    found.filter(({ id }) => id !== ticket.id),
  );
  await held.save({ unsure: undefined });
}

/** Links each duplicate to the ticket, and closes it. */
async function closeDuplicates({ held, tracker, ports }: Handling, ticket: Ticket, duplicates: readonly Ticket[]): Promise<void> {
  for (const duplicate of duplicates.filter(({ state }) => state === 'open')) {
    const text = `A duplicate of ${ticket.key}, made while the tracker did not answer.`;
    await noteOnce(tracker, duplicate.id, noteMark(`duplicate of ${ticket.id}`, held.mark), [{ text }]);
    await noteOnce(tracker, ticket.id, noteMark(`duplicate ${duplicate.id}`, held.mark), [
      { text: `${duplicate.key} is a duplicate, and is closed.` },
    ]);
    await tracker.close(duplicate.id, text);
    ports.warn('A duplicate was closed', { ticket: ticket.key, duplicate: duplicate.key });
  }
}

async function noteOnce(tracker: Tracker, id: string, mark: string, body: Document): Promise<void> {
  if (!(await tracker.hasNote(id, mark))) await tracker.comment(id, { mark, body });
}
