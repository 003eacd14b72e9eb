import { quote } from '../../untrusted-text';
import type { ArchiveReader } from '../archive-reader';
import { batchNumberOf } from '../keys';
import type { Line } from '../line';
import type { ReadSeal, SealedBatch, SealedTrail } from '../seal';
import { type Heads, noteHead } from '../summarize-batch';
import { ahead } from './ahead';
import type { Finding } from './finding';
import type { KeyCursor } from './key-cursor';
import { type ReadBatch, readBatch } from './read-batch';
import { eventName, type TrailBook } from './trail-book';

/** What was read; counted further by each batch. */
export interface Tally {
  batches: number;
  events: number;
  /** Events that the stream lost, and that were archived from the table. */
  refilled: number;
  /** Records that are no events. */
  others: number;
}

export interface BatchPorts {
  readonly archive: ArchiveReader;
  readonly cursor: KeyCursor;
  readonly book: TrailBook;
  readonly found: (finding: Finding) => void;
  readonly isWanted: (trail: string) => boolean;
  /** How long each trail was in the seals before. */
  readonly lengths: Map<string, number>;
  /** Notes a record that is no event. */
  readonly noteOther: (line: OtherLine, batch: number) => void;
  readonly tally: Tally;
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
  const sealed = new Set(seal.batches.map(({ key }) => key));
  for (const key of present) if (!sealed.has(key)) found(addedObject(key, seal.number));
  const heads: Heads = new Map();
  const mismatches: Mismatch[] = [];
  let missing = 0;
  const load = async (batch: SealedBatch) => ({ batch, content: present.has(batch.key) ? await readBatch(archive, batch.key) : undefined });
  for await (const { batch, content } of ahead(seal.batches, readAhead, load)) {
    if (content) addBatch(batch.number, content, ports, heads);
    else found(missingBatch(batch, seal.number));
    if (!content) missing += 1;
    else if (content.root !== batch.root) mismatches.push({ seal: seal.number, batch, lines: content.lines });
  }
  const at = { seal: seal.number, batch: mismatches[0]?.batch.number ?? seal.from };
  const changed = missing + mismatches.length > 0 ? compareHeads(seal.trails, heads, ports.lengths, at) : [];
  for (const finding of changed.filter(({ trail = '' }) => ports.isWanted(trail))) found(finding);
  return mismatches;
}

const missingBatch = ({ number, lines }: SealedBatch, seal: number): Finding => ({
  code: 'batch-missing',
  batch: number,
  seal,
  text: `Batch ${number} is missing, with its ${lines} lines.`,
});

/** Reads batches whose seal is missing or unreadable: their events belong to the trails, whatever they prove. */
export async function readUnproven(after: string, last: string, ports: BatchPorts): Promise<void> {
  for (const key of await ports.cursor.upTo(after, last)) {
    const number = batchNumberOf(key);
    const content = number === undefined ? undefined : await readBatch(ports.archive, key);
    if (number === undefined || !content) ports.found(addedObject(key, undefined));
    else addBatch(number, content, ports, new Map());
  }
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
    if (number > expected)
      found({ code: 'batch-missing', batch: expected, text: `Batch ${expected} is missing: ${quote(key)} is in its place.` });
    addBatch(number, content, ports, new Map());
    expected = number + 1;
  }
  return expected - to - 1;
}

function addBatch(number: number, { lines }: ReadBatch, ports: BatchPorts, heads: Heads): void {
  ports.tally.batches += 1;
  for (const line of lines) {
    if (line.is === 'event') addEvent(line, number, ports, heads);
    else ports.tally.others += 1;
    if (line.is === 'other' && ports.isWanted(line.trail)) ports.noteOther(line, number);
  }
}

function addEvent(line: Line & { readonly is: 'event' }, batch: number, { book, found, isWanted, tally }: BatchPorts, heads: Heads): void {
  noteHead(heads, line.trail, { length: line.sequence, head: line.event.hash });
  if (!isWanted(line.trail)) return;
  tally.events += 1;
  tally.refilled += line.refilled ? 1 : 0;
  for (const finding of book.add(line, batch)) found(finding);
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
function compareHeads(sealed: readonly SealedTrail[], heads: Heads, lengths: ReadonlyMap<string, number>, at: Place): readonly Finding[] {
  const added = new Set(heads.keys());
  const changed = sealed.flatMap((one) => {
    added.delete(one.trail);
    return compareHead(one, heads.get(one.trail), lengths.get(one.trail) ?? 0, at) ?? [];
  });
  return [
    ...changed,
    ...[...added].map((trail): Finding => {
      const sequence = (lengths.get(trail) ?? 0) + 1;
      return {
        code: 'event-added',
        ...at,
        trail,
        sequence,
        text: `${eventName(trail, sequence)} was added: seal ${at.seal} does not have this trail.`,
      };
    }),
  ];
}

interface Place {
  readonly seal: number;
  readonly batch: number;
}

function compareHead(
  { trail, length, head }: SealedTrail,
  now: Omit<SealedTrail, 'trail'> | undefined,
  before: number,
  at: Place,
): Finding | undefined {
  const of = (sequence: number) => ({ ...at, trail, sequence });
  if (now?.length === length) {
    const text = `${eventName(trail, length)} was written anew, or one before it: seal ${at.seal} has another hash.`;
    return now.head === head ? undefined : { code: 'event-altered', ...of(length), text };
  }
  if (now && now.length > length)
    return {
      code: 'event-added',
      ...of(length + 1),
      text: `${eventName(trail, length + 1)} was added: by seal ${at.seal}, the trail ends with event ${length}.`,
    };
  const first = Math.min(Math.max(now?.length ?? 0, before) + 1, length);
  const rest = first < length ? `, and the events after it` : '';
  return {
    code: 'event-missing',
    ...of(first),
    text: `${eventName(trail, first)} is missing${rest}: by seal ${at.seal}, the trail ends with event ${length}.`,
  };
}
