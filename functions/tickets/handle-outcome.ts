import { describe } from '../aws/error';
import type { LoggedChange } from '../log/event';
import type { OutcomeEvent } from '../outcomes/outcome-schema';
import { isNear } from '../policy/deadline';
import { effectOf, isConfidential, isInScope, isLeftOut } from '../ticket-records/effect';
import { markOf, noteMark } from '../ticket-records/mark';
import { draftOf, noteOf, proofOf } from './content';
import { holding, type Occasion } from './holding';
import { type Step, stepOf } from './life';
import { exposedIn, listInShared } from './list-in-shared';
import { adopt, create, type Handling, presentTicket, settleDuplicates, tellDropped } from './open-ticket';
import type { TicketPorts } from './ports';
import { type Held, handledKept, type RecordChange } from './record';
import type { Ticket } from './tracker';
import { trackerName } from './tracker-name';
import { waitingAfter } from './waiting-plan';

/** What became of an event. */
export type TicketResult =
  | 'no-tracker'
  | 'ignored'
  | 'handled-before'
  /** A later outcome of the misconfiguration was handled before. */
  | 'outdated'
  | 'created'
  | 'commented'
  | 'reopened'
  | 'closed'
  /** In a ticket that several misconfigurations share. */
  | 'listed'
  | 'nothing';

/**
 * Brings the ticket of a misconfiguration to what its outcome says: one ticket, opened, commented, closed and reopened. Each step can be repeated.
 * Throws a RetryLater or a TrackerError if the event has to be handled again.
 */
export async function handleOutcome(id: string, event: OutcomeEvent, ports: TicketPorts): Promise<TicketResult> {
  const { tickets } = await ports.policy();
  if (!tickets) return 'no-tracker';
  const effect = effectOf(event, tickets);
  if (effect === 'nothing') return 'ignored';
  return holding(ports, markOf(event), (held) => handle(held, { id, event, effect, tickets, ports }));
}

async function handle(held: Held, occasion: Occasion): Promise<TicketResult> {
  const { id, event, effect, tickets, ports } = occasion;
  const { handled = [], last, sharedBy } = held.record;
  if (handled.includes(id)) return 'handled-before';
  if (last && event.time < last.time) {
    await held.save(remember(held, id));
    return 'outdated';
  }
  if (sharedBy !== undefined) return listed(held, sharedBy, occasion);
  const { tracker } = tickets;
  const handling: Handling = { held, tracker: ports.trackerFor(tracker), name: trackerName(tracker), searchLag: tracker.searchLag, ports };
  const ticket = await presentTicket(handling);
  if (ticket && held.record.createdBy === id) return conclude(held, occasion, 'created');
  const step = stepOf(event, { effect, record: held.record, ticket, inScope: isInScope(event, tickets) && !isLeftOut(event, tickets) });
  if (step.do === 'create') return createOrList(handling, occasion);
  if (step.do === 'comment' && ticket) return comment(handling, ticket, step, occasion);
  // A comment that has no ticket says nothing of the outcomes before it, which may come later.
  await held.save({ ...remember(held, id), ...((ticket || effect !== 'comments') && concluded(event, held)) });
  return 'nothing';
}

async function createOrList(handling: Handling, occasion: Occasion): Promise<TicketResult> {
  const { held } = handling;
  const { id, event, tickets, ports } = occasion;
  if (held.record.id !== undefined) await held.save({ replaces: held.record.ticket, id: undefined, ticket: undefined, url: undefined });
  const found = await adopt(handling);
  if (found && held.record.createdBy !== id)
    return comment(
      handling,
      found,
      found.state === 'closed' ? { do: 'comment', afterwards: 'reopen', recurred: true } : { do: 'comment' },
      occasion,
    );
  if (!found) {
    const shared = await sharedOf(held, occasion);
    if (shared !== undefined) return listed(held, shared, occasion);
    await create(
      handling,
      draftOf(event, tickets, { changes: await changes(occasion), central: ports.central, answers: tickets.answers !== undefined }),
      id,
    );
  }
  return conclude(held, occasion, 'created');
}

/** The ticket that the misconfiguration shares, if there are too many new ones. A response is in no list: the policy limits how many there are. */
async function sharedOf(held: Held, { event, tickets, ports }: Occasion): Promise<string | undefined> {
  if (held.record.admitted || event.rule.response) return undefined;
  const admitted = await ports.records.admit(tickets);
  const shared = admitted === 'own' || !event.rule.exposes ? admitted : { shared: exposedIn(admitted.shared) };
  await held.save(shared === 'own' ? { admitted: true } : { sharedBy: shared.shared });
  return shared === 'own' ? undefined : shared.shared;
}

async function comment(
  handling: Handling,
  ticket: Ticket,
  step: Extract<Step, { readonly do: 'comment' }>,
  occasion: Occasion,
): Promise<TicketResult> {
  const { held, tracker } = handling;
  const { id, event, tickets, ports } = occasion;
  const mark = noteMark(id, held.mark);
  const isRetry = held.record.sending === id;
  if (!isRetry) await held.save({ sending: id, ...(step.recurred && { recurred: (held.record.recurred ?? 0) + 1 }) });
  if (!(isRetry && (await tracker.hasNote(ticket.id, mark)))) {
    const details = { changes: await changes(occasion), central: ports.central, answers: tickets.answers !== undefined };
    const written = await tracker.comment(ticket.id, { mark, body: noteOf(event, details, step, held.record.recurred ?? 1) });
    tellDropped(ports, ticket.key, written);
  }
  if (step.afterwards) await settleDuplicates(handling, ticket);
  if (step.afterwards === 'close') await tracker.close(ticket.id, proofOf(event));
  if (step.afterwards === 'reopen') await tracker.reopen(ticket.id);
  return conclude(held, occasion, step.afterwards ? ends[step.afterwards] : 'commented');
}

async function listed(held: Held, shared: string, occasion: Occasion): Promise<TicketResult> {
  const ticket = await listInShared(held.mark, shared, occasion);
  return conclude(held, occasion, 'listed', ticket);
}

const ends = { close: 'closed', reopen: 'reopened' } as const;

/** `ticket`: the one that it shares, if it has none of its own. */
async function conclude(
  held: Held,
  { id, event, ports }: Occasion,
  result: TicketResult,
  ticket = held.record.ticket,
): Promise<TicketResult> {
  const isNew = ticket !== undefined && held.record.logged !== event.remediation;
  if (isNew) await ports.logTicket(event, ticket);
  await held.save({ ...remember(held, id), ...concluded(event, held), ...(isNew && { logged: event.remediation }) });
  return result;
}

/** The parameters describe the resource: they are shown only if the policy says so. A log that can't be read keeps no ticket from its owner. */
async function changes({ event, tickets, ports }: Occasion): Promise<readonly LoggedChange[]> {
  if (tickets.changes !== 'parameters' || event.changes.length === 0 || isConfidential(event)) return [];
  return ports.changesOf(event).catch((error: unknown) => {
    ports.warn('The changes are not in the ticket', { remediation: event.remediation, error: describe(error) });
    return [];
  });
}

const remember = ({ record: { handled = [] } }: Held, id: string): RecordChange => ({
  handled: [id, ...handled].slice(0, handledKept),
  sending: undefined,
});

const concluded = (event: OutcomeEvent, { record: { waits } }: Held): RecordChange => {
  const { time, remediation, outcome, code = '', approval, deadline } = event;
  return {
    last: {
      ...{ time, remediation, outcome, code },
      ...(approval && { plan: approval.hash }),
      ...(deadline?.passed && { overdue: true }),
      ...(deadline && isNear(deadline.at, time) && { near: true }),
    },
    waits: waitingAfter(event, waits),
  };
};
