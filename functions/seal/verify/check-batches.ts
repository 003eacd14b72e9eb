import type { ArchiveReader } from '../archive-reader';
import { quote } from '../../untrusted-text';
import { batchNumberOf } from '../keys';
import type { Line } from '../line';
import type { ReadSeal, SealedBatch, SealedTrail } from '../seal';
import { type Heads, noteHead } from '../summarize-batch';
import { ahead } from './ahead';
import type { Finding } from './finding';
import type { KeyCursor } from './key-cursor';
import { type ReadBatch, readBatch } from './read-batch';
import { eventName, type TrailBook } from './trail-book';

export interface BatchPorts {
  readonly archive: ArchiveReader;
  readonly cursor: KeyCursor;
  readonly book: TrailBook;
  readonly found: (finding: Finding) => void;
  readonly isWanted: (trail: string) => boolean;
  /** Notes a record that is no event. */
  readonly noteOther: (line: OtherLine, batch: number) => void;
  readonly count: (counted: { readonly batches: number; readonly events: number; readonly refilled: number; readonly others: number }) => void;
}

export type OtherLine = Line & { readonly is: 'other' };

/** A batch that is not as it was sealed. */
export interface Mismatch {
  readonly seal: number;
  readonly batch: SealedBatch;
  readonly lines: readonly Line[];
}

/** Batches that are read before they are needed; each has up to some megabytes. */
const readAhead = 8;

/** Checks the batches of a seal. Returns those that are not as they were sealed. */
export async function checkSealed({ seal }: ReadSeal, after: string, ports: BatchPorts): Promise<readonly Mismatch[]> {
  const { archive, cursor, found } = ports;
  const present = new Set(await cursor.upTo(after, seal.last));
  for (const key of present) if (!seal.batches.some((batch) => batch.key === key)) found(addedObject(key, seal.number));
  const heads: Heads = new Map();
  const mismatches: Mismatch[] = [];
  let missing = 0;
  const load = async (batch: SealedBatch) => ({ batch, content: present.has(batch.key) ? await readBatch(archive, batch.key) : undefined });
  for await (const { batch, content } of ahead(seal.batches, readAhead, load)) {
    if (!content) {
      missing += 1;
      found({ code: 'batch-missing', batch: batch.number, seal: seal.number, text: `Batch ${batch.number} is missing, with its ${batch.lines} lines.` });
      continue;
    }
    addBatch(batch.number, content, ports, heads);
    if (content.root !== batch.root) mismatches.push({ seal: seal.number, batch, lines: content.lines });
  }
  if (missing + mismatches.length > 0) {
    const place = mismatches[0]?.batch.number ?? seal.from;
    for (const finding of compareHeads(seal.trails, heads, { seal: seal.number, batch: place })) if (ports.isWanted(finding.trail ?? '')) found(finding);
  }
  return mismatches;
}

/** Checks the batches that no seal covers yet. Returns their number. */
export async function checkUnsealed({ to, last }: { readonly to: number; readonly last: string }, ports: BatchPorts): Promise<number> {
  const { archive, cursor, found } = ports;
  let expected = to + 1;
  const load = async (key: string) => ({ key, content: await readBatch(archive, key) });
  for await (const { key, content } of ahead(await cursor.rest(last), readAhead, load)) {
    const number = batchNumberOf(key);
    if (number === undefined || number < expected || !content) {
      found(addedObject(key, undefined));
      continue;
    }
    if (number > expected) found({ code: 'batch-missing', batch: expected, text: `Batch ${expected} is missing: ${quote(key)} is in its place.` });
    addBatch(number, content, ports, new Map());
    expected = number + 1;
  }
  return expected - to - 1;
}

function addBatch(number: number, { lines }: ReadBatch, { book, found, isWanted, noteOther, count }: BatchPorts, heads: Heads): void {
  let events = 0;
  let refilled = 0;
  for (const line of lines) {
    if (line.is === 'other' && isWanted(line.trail)) noteOther(line, number);
    if (line.is !== 'event') continue;
    noteHead(heads, line.trail, { length: line.sequence, head: line.event.hash });
    if (!isWanted(line.trail)) continue;
    events += 1;
    refilled += line.refilled ? 1 : 0;
    for (const finding of book.add(line, number)) found(finding);
  }
  const others = lines.filter(({ is }) => is !== 'event').length;
  count({ batches: 1, events, refilled, others });
}

const addedObject = (key: string, seal: number | undefined): Finding => {
  const batch = batchNumberOf(key);
  return {
    code: 'batch-added',
    ...(batch !== undefined && { batch }),
    ...(seal !== undefined && { seal }),
    text: seal === undefined ? `${quote(key)} is not the next batch.` : `${quote(key)} is in none of the seals.`,
  };
};

/** Names what is missing at the ends of trails, or was added to them, in batches that are not as they were sealed. */
function compareHeads(sealed: readonly SealedTrail[], heads: Heads, at: { readonly seal: number; readonly batch: number }): readonly Finding[] {
  const added = new Set(heads.keys());
  const changed = sealed.flatMap(({ trail, length, head }): readonly Finding[] => {
    added.delete(trail);
    const now = heads.get(trail);
    if (now?.length === length)
      return now.head === head ? [] : [{ code: 'event-altered', ...at, trail, sequence: length, text: `${eventName(trail, length)} was written anew, or one before it: seal ${at.seal} has another hash.` }];
    const first = (now?.length ?? 0) + 1;
    return now !== undefined && now.length > length
      ? [{ code: 'event-added', ...at, trail, sequence: length + 1, text: `${eventName(trail, length + 1)} was added: by seal ${at.seal}, the trail ended with event ${length}.` }]
      : [{ code: 'event-missing', ...at, trail, sequence: now === undefined ? length : first, text: missingText(trail, now?.length, length, at.seal) }];
  });
  return [...changed, ...[...added].map((trail): Finding => addedTrail(trail, heads.get(trail)?.length ?? 0, at))];
}

const missingText = (trail: string, now: number | undefined, length: number, seal: number): string =>
  now === undefined
    ? `${eventName(trail, length)} is missing, and all others of this trail that seal ${seal} covers.`
    : `${eventName(trail, now + 1)} is missing: by seal ${seal}, the trail ended with event ${length}.`;

const addedTrail = (trail: string, sequence: number, at: { readonly seal: number; readonly batch: number }): Finding => ({
  code: 'event-added',
  ...at,
  trail,
  sequence,
  text: `${eventName(trail, sequence)} was added: seal ${at.seal} does not have this trail.`,
});
