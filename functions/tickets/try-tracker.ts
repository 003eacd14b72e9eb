import type { Clock } from '../clock';
import { seconds } from '../duration';
import type { Ticket, Tracker } from './tracker';

/** What a trial showed. */
export interface Trial {
  readonly ticket: Ticket;
  /** Seconds after which a search found it; undefined if none did within the time. */
  readonly foundAfter?: number;
  /** What the tracker did not do, as sentences. */
  readonly problems: readonly string[];
}

const pause = seconds(2);

/** Opens a ticket and goes through its life, with a mark that no misconfiguration has. It is closed at the end. `within`: seconds. */
export async function tryTracker(
  tracker: Tracker,
  mark: string,
  { clock, within }: { readonly clock: Clock; readonly within: number },
): Promise<Trial> {
  const problems: string[] = [];
  const began = clock.now().getTime();
  const text = 'A test by `posture tickets test`. It says nothing about your resources.';
  const ticket = await tracker.create(mark, { title: 'Test of the posture remediator', severity: 'low', body: [{ text }] });
  if (ticket.dropped)
    problems.push(
      `The tracker ignored ${ticket.dropped.join()} of a new ticket. Give the user write and read access to it, or remove it from tickets.tracker.fields.`,
    );
  const note = `${mark}-note`;
  await tracker.comment(ticket.id, { mark: note, body: [{ text: 'A comment.' }] });
  if (!(await tracker.hasNote(ticket.id, note)))
    problems.push('A comment is not readable after it was written. Give the user read access to comments.');
  await tracker.close(ticket.id, text);
  await expectState('closed');
  await tracker.reopen(ticket.id);
  await expectState('open');
  await tracker.close(ticket.id, text);
  const foundAfter = await search();
  if (foundAfter === undefined)
    problems.push(
      `A search did not find the ticket within ${within} seconds. Increase tickets.tracker.searchLag, or check the permissions of the user.`,
    );
  return { ticket, problems, ...(foundAfter !== undefined && { foundAfter }) };

  async function expectState(state: Ticket['state']): Promise<void> {
    const seen = await tracker.read(ticket.id);
    if (seen?.state !== state)
      problems.push(`The ticket is ${seen?.state ?? 'not readable'} after it was ${state === 'open' ? 'reopened' : 'closed'}.`);
  }

  async function search(): Promise<number | undefined> {
    for (;;) {
      const found = await tracker.find(mark);
      const after = clock.now().getTime() - began;
      if (found.some(({ id }) => id === ticket.id)) return Math.ceil(after / 1000);
      if (after > seconds(within)) return undefined;
      await clock.sleep(pause);
    }
  }
}
