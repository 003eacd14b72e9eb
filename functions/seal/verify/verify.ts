import type { Clock } from '../../clock';
import type { Item } from '../../log/item';
import { parseTrail, type RemediationName } from '../../log/trail';
import type { ArchiveReader } from '../archive-reader';
import type { ReadSeal } from '../seal';
import { type BatchPorts, checkSealed, checkUnsealed, type Mismatch, type OtherLine, readUnproven } from './check-batches';
import { compareTable, onItsWay } from './compare-table';
import { explainMismatch } from './explain-mismatch';
import { collectFindings, type Finding, inOrder } from './finding';
import { keyCursor } from './key-cursor';
import { sealChain } from './read-seals';
import { eventName, type MissingEvents, type TrailBook, trailBook } from './trail-book';

/** What is verified, and against what. */
export interface Question {
  /** The whole archive, what was archived in a span of time (ISO 8601), or the trails of a remediation. */
  readonly of: 'all' | { readonly since: string; readonly until: string } | RemediationName;
  /** The fingerprint of a key that the caller knows from elsewhere. */
  readonly key?: string;
  /** The hash of a seal that the caller knows from elsewhere. */
  readonly head?: string;
}

export interface VerifyPorts {
  readonly archive: ArchiveReader;
  /** The items of the log table that the question is about, and those of these trails; undefined if there is no table. */
  readonly table?: (trails: readonly string[]) => AsyncIterable<Item>;
  readonly clock: Clock;
}

export interface SealPoint {
  readonly number: number;
  readonly time: string;
  readonly hash: string;
}

export interface Verification {
  /** `proven`: unaltered and complete up to the seal `provenTo`. `consistent`: nothing contradicts, but what is missing at the end can't be known. */
  readonly verdict: 'proven' | 'consistent' | 'tampered';
  readonly provenTo?: SealPoint;
  readonly newest?: SealPoint & { readonly key: string };
  /** The keys that signed. */
  readonly keys: readonly string[];
  /** The first ones of so many; events first. */
  readonly findings: readonly Finding[];
  readonly found: number;
  readonly counts: Counts;
  readonly comparedWithTable: boolean;
}

/** What was read. */
export interface Counts {
  readonly seals: number;
  readonly batches: number;
  /** Batches that the next seal will cover. */
  readonly unsealed: number;
  readonly events: number;
  readonly trails: number;
  /** Events that the stream lost, and that were archived from the table. */
  readonly refilled: number;
  /** Records that are no events. */
  readonly others: number;
  /** Events of the table that the archive does not have yet. */
  readonly waiting: number;
}

const maxFindings = 1000;

/** Verifies the archive: the chains of the trails, the batches, the seals, and the table. */
export async function verifyLog(question: Question, ports: VerifyPorts): Promise<Verification> {
  const findings = collectFindings();
  const found = findings.add;
  const { book, head, newest, signers, mismatches, others, counts } = await walk(question, ports.archive, found);
  const { table, clock } = ports;
  const chains = book.check();
  for (const finding of chains.findings) found(finding);
  for (const other of others.values()) changedInTable(other, book, found);
  const comparison = { now: clock.now(), covers: coverage(question), others, found };
  const waiting = table ? await compareTable(table(book.trails()), book, comparison) : new Set<string>();
  for (const one of chains.missing) if (!isWaiting(one, waiting)) found(missingEvents(one));
  for (const finding of mismatches.flatMap((one) => explainMismatch(one, findings.kept))) found(finding);
  const { key } = question;
  if (key !== undefined && !signers.has(key)) found({ code: 'key-not-pinned', text: `None of the seals is signed by the key ${key}.` });
  if (question.head !== undefined && !head) found({ code: 'head-not-found', text: `None of the seals has the hash ${question.head}.` });
  const verdict = verdictOf(findings.count, key !== undefined && head !== undefined);
  return {
    verdict,
    ...(verdict === 'proven' && head && { provenTo: head }),
    ...(newest && { newest }),
    keys: [...signers],
    findings: inOrder(findings.kept).slice(0, maxFindings),
    found: findings.count,
    counts: { ...counts, trails: book.trails().length, waiting: waiting.size },
    comparedWithTable: table !== undefined,
  };
}

function verdictOf(found: number, isAnchored: boolean): Verification['verdict'] {
  if (found > 0) return 'tampered';
  return isAnchored ? 'proven' : 'consistent';
}

/** Reads the seals, and the batches that the question is about. */
async function walk(question: Question, archive: ArchiveReader, found: (finding: Finding) => void) {
  const others = new Map<string, OtherRecord>();
  const mismatches: Mismatch[] = [];
  const book = trailBook();
  let counts = { seals: 0, batches: 0, events: 0, refilled: 0, others: 0 };
  const batches: BatchPorts = {
    archive,
    cursor: keyCursor(archive),
    book,
    found,
    isWanted: wantedTrails(question),
    lengths: new Map(),
    noteOther: (line, batch) => void others.set(`${line.trail} ${line.sequence}`, { ...line, batch }),
    count: (more) => {
      const { batches: read, events, refilled, others: records } = counts;
      counts = { ...counts, batches: read + more.batches, events: events + more.events, refilled: refilled + more.refilled, others: records + more.others };
    },
  };
  const chain = sealChain(archive, found);
  let last: ReadSeal | undefined;
  let head: SealPoint | undefined;
  for await (const one of chain.seals()) {
    counts = { ...counts, seals: counts.seals + 1 };
    if (one.hash === question.head) head = pointOf(one);
    const asked = isAsked(question, one, last);
    if (asked === 'yes') {
      const after = last?.seal.last ?? '';
      const isNext = one.seal.number === (last?.seal.number ?? 0) + 1;
      const first = isNext ? after : beforeFirst(one);
      if (!isNext) await readUnproven(after, first, batches);
      mismatches.push(...(await checkSealed(one, first, batches)));
    }
    if (asked === 'earlier') for (const trail of one.seal.trails) book.noteEarlier(trail);
    for (const { trail, length } of one.seal.trails) batches.lengths.set(trail, Math.max(length, batches.lengths.get(trail) ?? 0));
    last = one;
  }
  const end = last?.seal ?? { to: 0, last: '' };
  const unsealed = isAskedAfter(question, last) ? await checkUnsealed(end, batches) : 0;
  return { mismatches, book, others, head, newest: last && { ...pointOf(last), key: last.seal.key }, signers: chain.signers, counts: { ...counts, unsealed } };
}

/** A key between the first batch of a seal and the one before. */
const beforeFirst = ({ seal }: ReadSeal): string => seal.batches[0]?.key.slice(0, -1) ?? seal.last;

type OtherRecord = OtherLine & { readonly batch: number };

/** The stream reports, as another record under the same key, what somebody changed in the table or removed from it. */
function changedInTable({ trail, sequence, removed, batch }: OtherRecord, book: TrailBook, found: (finding: Finding) => void): void {
  if (!book.entry(trail, sequence)) return;
  const about = { trail, sequence, batch };
  if (removed) found({ code: 'table-event-missing', ...about, text: `${eventName(trail, sequence)} was removed from the table, by batch ${batch}.` });
  else found({ code: 'table-event-altered', ...about, text: `${eventName(trail, sequence)} was replaced in the table, by batch ${batch}.` });
}

const pointOf = ({ seal: { number, time }, hash }: ReadSeal): SealPoint => ({ number, time, hash });

function wantedTrails({ of }: Question): (trail: string) => boolean {
  if (of === 'all' || 'since' in of) return () => true;
  return (key) => {
    const trail = parseTrail(key);
    return trail?.remediation === of.remediation && (of.rule === undefined || trail.rule === of.rule);
  };
}

/** Whether the batches of a seal are asked for, or are earlier or later. */
function isAsked(question: Question, { seal }: ReadSeal, before: ReadSeal | undefined): 'yes' | 'earlier' | 'no' {
  const { of } = question;
  if (of === 'all') return 'yes';
  if ('remediation' in of) {
    const isWanted = wantedTrails(question);
    return seal.trails.some(({ trail }) => isWanted(trail)) ? 'yes' : 'no';
  }
  if (seal.time < of.since) return 'earlier';
  return !before || before.seal.time <= lastFor(of.until) ? 'yes' : 'no';
}

const isAskedAfter = ({ of }: Question, last: ReadSeal | undefined): boolean =>
  of === 'all' || 'remediation' in of || !last || last.seal.time <= lastFor(of.until);

/** When an event of this time is archived at the latest. */
const lastFor = (until: string): string => new Date(Date.parse(until) + onItsWay).toISOString();

/** Whether the table was read for events of a time. */
const coverage = ({ of }: Question): ((time: string) => boolean) =>
  of !== 'all' && 'since' in of ? (time) => time >= of.since && time <= of.until : () => true;

/** The archive gets them from the table within two days. */
function isWaiting({ trail, from, to }: MissingEvents, waiting: ReadonlySet<string>): boolean {
  for (let sequence = from; sequence <= to; sequence += 1) if (!waiting.has(`${trail} ${sequence}`)) return false;
  return true;
}

const missingEvents = ({ trail, from, to, batch }: MissingEvents): Finding => ({
  code: 'event-missing',
  trail,
  sequence: from,
  batch,
  text: `${eventName(trail, from)} is missing${to > from ? `, and those up to event ${to}` : ''}: event ${to + 1} follows it.`,
});
