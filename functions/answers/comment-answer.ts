import { trackerUser } from '../policy/answerer';
import type { Policy } from '../policy/policy';
import type { TrackerSettings } from '../policy/tickets';
import { noteMark } from '../ticket-records/mark';
import { commandIn } from '../tickets/command';
import type { TicketRecord } from '../tickets/record';
import type { Said } from '../tickets/said';
import { trackerName } from '../tickets/tracker-name';
import type { Answer, NoAnswer } from './answer';
import { type CommentMessage, hashOfWords } from './message';
import type { AnswerPorts } from './ports';

/** The answer in a comment: everything is read back from the tracker, and compared with our record of the ticket. Throws a TrackerError. */
export async function commentAnswer(
  { vendor, site, ticket, comment, words }: CommentMessage,
  { tickets }: Pick<Policy, 'tickets'>,
  ports: AnswerPorts,
): Promise<Answer | NoAnswer> {
  if (!tickets?.answers || tickets.tracker.vendor !== vendor) return 'not-received';
  if (!isSite(site, tickets.tracker)) return 'other-site';
  const said = await ports.saidFor(tickets.tracker)(ticket, comment);
  if (!said) return 'not-there';
  const command = commandIn(said.text);
  if (command === undefined) return 'no-command';
  const own = await ownRecord(said, trackerName(tickets.tracker), ports);
  if (!own) return 'not-ours';
  const id = `${vendor} ${said.ticket.id} ${comment}`;
  // GitHub's times have no fractions of a second: an edit within the same one leaves them equal.
  const doubt = said.doubt ?? (words !== undefined && words !== hashOfWords(said.text) ? ('edited' as const) : undefined);
  const tracker = ports.trackerFor(tickets.tracker);
  return {
    ...{ id, command, at: said.at, waits: own.record.waits, where: said.ticket.key },
    by: trackerUser(vendor, said.user),
    ...(doubt !== undefined && { doubt }),
    ...(own.record.id !== said.ticket.id && { elsewhere: own.record.ticket ?? 'another ticket' }),
    async tell(text) {
      const mark = noteMark(id, own.mark);
      if (!(await tracker.hasNote(said.ticket.id, mark))) await tracker.comment(said.ticket.id, { mark, body: [{ text }] });
    },
  };
}

/** Our record of the ticket, or else of the one that its label is of. Anybody can set a label: the record names the ticket. */
async function ownRecord({ ticket: { id, marks } }: Said, name: string, { recordOf }: AnswerPorts) {
  let other: { readonly mark: string; readonly record: TicketRecord } | undefined;
  for (const mark of marks.filter((one) => /^posture-[0-9a-f]{16}$/.test(one)).slice(0, 5)) {
    const record = await recordOf(mark);
    if (record?.id === undefined || (record.of ?? name) !== name) continue;
    if (record.id === id) return { mark, record };
    other = { mark, record };
  }
  return other;
}

/** Jira at api.atlassian.com stands for a site whose host the policy does not name. */
function isSite(site: string, { vendor, url, project }: TrackerSettings): boolean {
  if (vendor === 'github') return site.toLowerCase() === project.toLowerCase();
  const { host } = new URL(url);
  return host === 'api.atlassian.com' || site.toLowerCase() === host;
}
