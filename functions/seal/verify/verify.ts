import type { Clock } from '../../clock';
import type { Item } from '../../log/item';
import type { ArchiveReader } from '../archive-reader';
import type { Tally } from './check-batches';
import { compareTable } from './compare-table';
import { explainMismatch } from './explain-mismatch';
import { collectFindings, type Finding, inOrder } from './finding';
import { coverage, type Question } from './question';
import { eventName, type MissingEvents, type TrailBook } from './trail-book';
import { type OtherRecord, type SealPoint, walk } from './walk';

export interface VerifyPorts {
  readonly archive: ArchiveReader;
  /** The items of the log table that the question is about, and those of these trails; undefined if there is no table. */
  readonly table?: (trails: readonly string[]) => AsyncIterable<Item>;
  readonly clock: Clock;
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
export interface Counts extends Tally {
  readonly seals: number;
  /** Batches that the next seal will cover. */
  readonly unsealed: number;
  readonly trails: number;
  /** Events of the table that the archive does not have yet. */
  readonly waiting: number;
}

const maxFindings = 1000;

/**
 * Verifies the archive: the chains of the trails, the batches, the seals, and the table. Before an event of a span of time is missing, everything
 * is read that was archived later: what was logged before there was an archive, or while it failed, was filled in then.
 */
export async function verifyLog(question: Question, ports: VerifyPorts): Promise<Verification> {
  const verification = await verifyOnce(question, ports);
  const isSpan = question.of !== 'all' && 'since' in question.of;
  const isMissing = verification.findings.some(({ code }) => code === 'event-missing' || code === 'archive-event-missing');
  return isSpan && isMissing ? verifyOnce({ ...question, late: true }, ports) : verification;
}

async function verifyOnce(question: Question, ports: VerifyPorts): Promise<Verification> {
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

/** The stream reports, as another record under the same key, what somebody changed in the table or removed from it. */
function changedInTable({ trail, sequence, removed, batch }: OtherRecord, book: TrailBook, found: (finding: Finding) => void): void {
  if (!book.entry(trail, sequence)) return;
  const about = { trail, sequence, batch };
  if (removed)
    found({ code: 'table-event-missing', ...about, text: `${eventName(trail, sequence)} was removed from the table, by batch ${batch}.` });
  else
    found({ code: 'table-event-altered', ...about, text: `${eventName(trail, sequence)} was replaced in the table, by batch ${batch}.` });
}

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
