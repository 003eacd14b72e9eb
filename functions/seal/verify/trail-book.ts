import { hashJson } from '../../canonical-json';
import type { LogEvent } from '../../log/event';
import { quote } from '../../untrusted-text';
import type { Line } from '../line';
import type { SealedTrail } from '../seal';
import type { Finding } from './finding';

/** What is kept of an event. */
export interface Entry {
  readonly hash: string;
  readonly previous: string;
  readonly time: string;
  readonly batch: number;
}

/** An event that has to be there, as a later one follows it. */
export interface MissingEvents {
  readonly trail: string;
  readonly from: number;
  readonly to: number;
  /** The batch of the event that follows. */
  readonly batch: number;
}

/** The events of the archive by trail, in whatever order they come: what a stream lost is archived late. */
export interface TrailBook {
  /** Adds an event; what is wrong with it by itself. */
  add(line: Line & { readonly is: 'event' }, batch: number): readonly Finding[];
  /** Notes the end of a trail in batches that are not read. */
  noteEarlier(trail: SealedTrail): void;
  entry(trail: string, sequence: number): Entry | undefined;
  entries(): Iterable<readonly [trail: string, sequence: number, entry: Entry]>;
  trails(): readonly string[];
  /** Where the chains are broken, and what is missing in them. */
  check(): { readonly findings: readonly Finding[]; readonly missing: readonly MissingEvents[] };
}

export const eventName = (trail: string, sequence: number): string => `Event ${sequence} of the trail ${quote(trail)}`;

export function trailBook(): TrailBook {
  const book = new Map<string, Map<number, Entry>>();
  const earlier = new Map<string, SealedTrail>();
  return {
    add({ trail, sequence, event }, batch) {
      const { hash, previous, time } = event;
      const events = book.get(trail) ?? new Map<number, Entry>();
      book.set(trail, events);
      const known = events.get(sequence);
      const about = { trail, sequence, batch };
      // The same event may be in two batches.
      if (known && known.hash === hash && isIntact(event, sequence)) return [];
      if (!known) events.set(sequence, { hash, previous, time, batch });
      if (!isIntact(event, sequence))
        return [{ code: 'event-altered', ...about, text: `${eventName(trail, sequence)} does not have the hash of its content.` }];
      return known
        ? [
            {
              code: 'event-added',
              ...about,
              text: `${eventName(trail, sequence)} is in batch ${batch} and, with other content, in batch ${known.batch}.`,
            },
          ]
        : [];
    },
    noteEarlier(one) {
      if ((earlier.get(one.trail)?.length ?? 0) < one.length) earlier.set(one.trail, one);
    },
    entry: (trail, sequence) => book.get(trail)?.get(sequence),
    *entries() {
      for (const [trail, events] of book) for (const [sequence, entry] of events) yield [trail, sequence, entry];
    },
    trails: () => [...book.keys()],
    check() {
      const results = [...book].map(([trail, events]) => checkTrail(trail, events, earlier.get(trail)));
      return { findings: results.flatMap(({ findings }) => findings), missing: results.flatMap(({ missing }) => missing) };
    },
  };
}

function checkTrail(trail: string, events: ReadonlyMap<number, Entry>, earlier: SealedTrail | undefined) {
  const findings: Finding[] = [];
  const missing: MissingEvents[] = [];
  let last = earlier?.length ?? 0;
  for (const [sequence, entry] of [...events].toSorted(([a], [b]) => a - b)) {
    const before = events.get(sequence - 1) ?? beforeIn(earlier, sequence);
    if (before === 'missing') missing.push({ trail, from: last + 1, to: sequence - 1, batch: entry.batch });
    else if (before !== 'unknown' && entry.previous !== before.hash) findings.push(brokenAt(trail, sequence, entry));
    last = Math.max(last, sequence);
  }
  return { findings, missing };
}

function isIntact(event: LogEvent, sequence: number): boolean {
  const { hash, ...unsealed } = event;
  return event.sequence === sequence && hashJson(unsealed) === hash;
}

/** The event before the first one that was read; `unknown` if it was sealed, and its hash is not in a seal. */
function beforeIn(earlier: SealedTrail | undefined, sequence: number): { readonly hash: string } | 'missing' | 'unknown' {
  if (sequence === 1) return { hash: '' };
  if (!earlier || earlier.length < sequence - 1) return 'missing';
  return earlier.length === sequence - 1 ? { hash: earlier.head } : 'unknown';
}

const brokenAt = (trail: string, sequence: number, { batch }: Entry): Finding => ({
  code: 'event-altered',
  trail,
  sequence,
  batch,
  text:
    sequence === 1
      ? `${eventName(trail, 1)} names an event before it.`
      : `${eventName(trail, sequence)} does not continue event ${sequence - 1}: one of the two was written anew.`,
});
