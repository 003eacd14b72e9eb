import { seconds } from '../duration';
import { noteMark, sharedMark } from '../ticket-records/mark';
import type { Document } from './document';
import { holding, type Occasion } from './holding';
import { adopt, create, type Handling, presentTicket } from './open-ticket';
import type { Held, Member } from './record';
import { RetryLater } from './retry-later';
import type { Draft, Ticket } from './tracker';
import { trackerName } from './tracker-name';

/** The description is written at most so often, in seconds: each event waits for the next time. */
const describedEvery = 60;
/** The lines of a description; the rest is counted. */
const maxLines = 150;
/** The record is one item of DynamoDB, of 400 KB at most. */
const maxMembers = 800;

/**
 * Lists a misconfiguration in a ticket that several share, and brings that to their states: it is closed when all are, and opened again when one
 * recurs. Returns it as its readers name it. Throws a RetryLater as long as its description doesn't show this outcome.
 */
export async function listInShared(mark: string, shared: string, occasion: Occasion): Promise<string | undefined> {
  return holding(occasion.ports, sharedMark(shared), async (held) => {
    await list(held, mark, shared, occasion);
    return held.record.ticket;
  });
}

async function list(held: Held, mark: string, shared: string, occasion: Occasion): Promise<void> {
  const { event, effect, tickets, ports } = occasion;
  const text = `${event.rule.id}: ${event.resource.arn}, account ${event.account}, ${event.region} (${event.outcome})`;
  await enter(held, mark, { text, effect, shared });
  const { members = {}, revision = 0, described = 0, describedAt = 0 } = held.record;
  // A member beyond the maximum is in none of them.
  if ((members[mark]?.changed ?? 0) <= described && described > 0) return;

  const { tracker } = tickets;
  const handling: Handling = { held, tracker: ports.trackerFor(tracker), name: trackerName(tracker), searchLag: tracker.searchLag, ports };
  const ticket = (await presentTicket(handling)) ?? (await adopt(handling));
  const wait = describedAt + seconds(describedEvery) - ports.clock.now().getTime();
  if (ticket && wait > 0) throw new RetryLater(wait / 1000, `The list of ${ticket.key} is written again later.`);
  const draft = sharedDraft(shared, Object.values(members));
  if (ticket) await handling.tracker.describe(ticket.id, held.mark, draft.body);
  await bringToState(handling, ticket ?? (await create(handling, draft, occasion.id)), draft.body);
  await held.save({ described: revision, describedAt: ports.clock.now().getTime() });
}

/** Puts the misconfiguration into the list, with a new revision if that changes it. */
async function enter(
  held: Held,
  mark: string,
  { text, effect, shared }: Pick<Member, 'text'> & Pick<Occasion, 'effect'> & { readonly shared: string },
) {
  const { members = {}, revision = 0 } = held.record;
  const state = nextState(members[mark], effect);
  if (members[mark] === undefined && Object.keys(members).length >= maxMembers) return;
  if (members[mark]?.text === text && members[mark]?.state === state) return;
  const changed = revision + 1;
  await held.save({ shares: shared, revision: changed, members: { ...members, [mark]: { text, state, changed } } });
}

const nextState = (member: Member | undefined, effect: Occasion['effect']): Member['state'] => {
  if (effect === 'comments') return member?.state ?? 'open';
  return effect === 'closes' ? 'closed' : 'open';
};

async function bringToState({ held, tracker }: Handling, ticket: Ticket, body: Document): Promise<void> {
  const members = Object.values(held.record.members ?? {});
  const isDone = members.every(({ state }) => state === 'closed');
  if (isDone === (ticket.state === 'closed')) return;
  const text = isDone ? `All ${members.length} misconfigurations of the list are closed.` : 'A misconfiguration of the list is open again.';
  const mark = noteMark(`${text} ${members.map(({ changed }) => changed).join()}`, held.mark);
  if (!(await tracker.hasNote(ticket.id, mark))) await tracker.comment(ticket.id, { mark, body: [{ text }, ...body.slice(-1)] });
  if (isDone) await tracker.close(ticket.id, text);
  else await tracker.reopen(ticket.id);
}

const exposed = '-exposed';

/** The shared ticket of exposed resources, which is confidential. */
export const exposedIn = (shared: string): string => `${shared}${exposed}`;

function sharedDraft(name: string, members: readonly Member[]): Draft {
  const isExposed = name.endsWith(exposed);
  const shared = isExposed ? name.slice(0, -exposed.length) : name;
  const open = members.filter(({ state }) => state === 'open');
  const why = shared === 'backlog' ? 'in the first 24 hours' : `in the hour of ${shared}:00 UTC`;
  const lines = [...open, ...members.filter(({ state }) => state === 'closed')].map(
    ({ text, state }) => `${state === 'open' ? 'Open' : 'Closed'}: ${text}`,
  );
  return {
    title: `${isExposed ? 'Exposed resources' : 'Misconfigurations'} found ${why}`,
    severity: 'high',
    ...(isExposed && { confidential: true as const }),
    body: [
      { text: `More misconfigurations than the policy gives tickets of their own were found ${why}. They share this one.` },
      { text: `${open.length} open, ${members.length - open.length} closed.` },
      { list: lines.slice(0, maxLines) },
      ...(lines.length > maxLines ? [{ text: `${lines.length - maxLines} more are not listed here.` }] : []),
      { steps: [{ text: 'List the plans that await approval:', command: 'posture approvals' }] },
    ],
  };
}
