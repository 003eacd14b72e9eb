import { hashJson } from '../../canonical-json';
import { hours } from '../../duration';
import type { LogEvent } from '../../log/event';
import { eventOf, type Item } from '../../log/item';
import type { Finding } from './finding';
import { type Entry, eventName, type TrailBook } from './trail-book';

/** So long, an event of the table can be on its way: a stream keeps it for a day, and what is lost is refilled once a day. */
export const onItsWay = hours(48);

interface ComparisonOptions {
  readonly now: Date;
  /** Whether the items have every event of the archive with this time. */
  readonly covers: (time: string) => boolean;
  /** Records of the archive that are no events, as `<trail> <sequence>`. */
  readonly others: { has(name: string): boolean };
  readonly found: (finding: Finding) => void;
}

/**
 * Compares the items of the log table with the events of the archive. Returns the events that the archive does not have yet, each as
 * `<trail> <sequence>`.
 */
export async function compareTable(items: AsyncIterable<Item>, book: TrailBook, options: ComparisonOptions): Promise<ReadonlySet<string>> {
  const { found, others, now } = options;
  const waiting = new Set<string>();
  const seen = new Set<string>();
  for await (const item of items) {
    const trail = item.trail?.S ?? '';
    const sequence = Number(item.sequence?.N);
    const name = `${trail} ${sequence}`;
    const entry = book.entry(trail, sequence);
    const event = eventOf(item);
    if (entry) seen.add(name);
    else if (!others.has(name) && isOnItsWay(event.time, now)) waiting.add(name);
    const code = entry ? differs(event, entry) : notArchived(others.has(name) || waiting.has(name));
    if (code) found({ code, trail, sequence, ...(entry && { batch: entry.batch }), text: texts[code](eventName(trail, sequence)) });
  }
  reportRemoved(book, seen, options);
  return waiting;
}

function reportRemoved(book: TrailBook, seen: ReadonlySet<string>, { found, covers }: ComparisonOptions): void {
  const code = 'table-event-missing';
  for (const [trail, sequence, { batch, time }] of book.entries()) {
    if (seen.has(`${trail} ${sequence}`) || !covers(time)) continue;
    found({ code, trail, sequence, batch, text: texts[code](eventName(trail, sequence)) });
  }
}

const texts = {
  'table-event-altered': (event: string) => `${event} is another one in the table than in the archive.`,
  'table-event-missing': (event: string) => `${event} is in the archive and not in the table.`,
  'archive-event-missing': (event: string) => `${event} is in the table and not in the archive.`,
} as const;

const differs = (event: LogEvent, { hash }: Entry): 'table-event-altered' | undefined =>
  hashOf(event) === hash && event.hash === hash ? undefined : 'table-event-altered';

const notArchived = (isExplained: boolean): 'archive-event-missing' | undefined => (isExplained ? undefined : 'archive-event-missing');

/** A time that cannot be read, or is in the future, is none of ours. */
function isOnItsWay(time: unknown, now: Date): boolean {
  const age = typeof time === 'string' ? now.getTime() - Date.parse(time) : Number.NaN;
  return age < onItsWay && age > -hours(1);
}

function hashOf({ hash: _, ...unsealed }: LogEvent): string | undefined {
  try {
    return hashJson(unsealed);
  } catch {
    return undefined;
  }
}
