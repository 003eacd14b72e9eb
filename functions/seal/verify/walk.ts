import type { ArchiveReader } from '../archive-reader';
import type { ReadSeal } from '../seal';
import { type BatchPorts, checkSealed, checkUnsealed, type Mismatch, type OtherLine, readUnproven, type Tally } from './check-batches';
import type { Finding } from './finding';
import { keyCursor } from './key-cursor';
import { isAsked, isAskedAfter, type Question, wantedTrails } from './question';
import { sealChain } from './read-seals';
import { type TrailBook, trailBook } from './trail-book';

export interface SealPoint {
  readonly number: number;
  readonly time: string;
  readonly hash: string;
}

/** A record that is no event, and where it was last. */
export type OtherRecord = OtherLine & { readonly batch: number };

/** What was read. */
export interface Walked {
  readonly book: TrailBook;
  readonly others: ReadonlyMap<string, OtherRecord>;
  readonly mismatches: readonly Mismatch[];
  readonly newest: (SealPoint & { readonly key: string }) | undefined;
  /** The seal whose hash the question names. */
  readonly head: SealPoint | undefined;
  readonly signers: ReadonlySet<string>;
  readonly counts: Tally & { readonly seals: number; readonly unsealed: number };
}

/** Reads the seals, and the batches that the question is about. */
export async function walk(question: Question, archive: ArchiveReader, found: (finding: Finding) => void): Promise<Walked> {
  const others = new Map<string, OtherRecord>();
  const book = trailBook();
  const ports: BatchPorts = {
    archive,
    cursor: keyCursor(archive),
    book,
    found,
    isWanted: wantedTrails(question),
    lengths: new Map(),
    noteOther: (line, batch) => void others.set(`${line.trail} ${line.sequence}`, { ...line, batch }),
    tally: { batches: 0, events: 0, refilled: 0, others: 0 },
  };
  const chain = sealChain(archive, found);
  const mismatches: Mismatch[] = [];
  let last: ReadSeal | undefined;
  let head: SealPoint | undefined;
  let seals = 0;
  for await (const one of chain.seals()) {
    seals += 1;
    if (one.hash === question.head) head = pointOf(one);
    mismatches.push(...(await visit(one, last, question, ports)));
    last = one;
  }
  const unsealed = isAskedAfter(question, last) ? await checkUnsealed(last?.seal ?? { to: 0, last: '' }, ports) : 0;
  const newest = last && { ...pointOf(last), key: last.seal.key };
  return { book, others, mismatches, newest, head, signers: chain.signers, counts: { ...ports.tally, seals, unsealed } };
}

/** Reads what the question asks of the batches of a seal. Returns those that are not as they were sealed. */
async function visit(one: ReadSeal, before: ReadSeal | undefined, question: Question, ports: BatchPorts): Promise<readonly Mismatch[]> {
  const { seal } = one;
  const asked = isAsked(question, one, before);
  const mismatches = asked === 'yes' ? await checkAsked(one, before, ports) : [];
  for (const trail of seal.trails) {
    if (asked === 'earlier') ports.book.noteEarlier(trail);
    ports.lengths.set(trail.trail, Math.max(trail.length, ports.lengths.get(trail.trail) ?? 0));
  }
  return mismatches;
}

async function checkAsked(one: ReadSeal, before: ReadSeal | undefined, ports: BatchPorts): Promise<readonly Mismatch[]> {
  const { number, last } = before?.seal ?? { number: 0, last: '' };
  if (one.seal.number === number + 1) return checkSealed(one, last, ports);
  const first = beforeFirst(one);
  await readUnproven(last, first, ports);
  return checkSealed(one, first, ports);
}

/** A key between the first batch of a seal and the one before. */
const beforeFirst = ({ seal }: ReadSeal): string => seal.batches[0]?.key.slice(0, -1) ?? seal.last;

const pointOf = ({ seal: { number, time }, hash }: ReadSeal): SealPoint => ({ number, time, hash });
