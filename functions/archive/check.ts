import type { Clock } from '../clock';
import { hours, minutes } from '../duration';
import { type Archived, readArchived } from './archived';
import type { ArchiveBucket } from './bucket';
import { lineOf } from './format';
import type { Entry, LogReader } from './log-reader';
import type { CheckPosition } from './position';
import { type WritePorts, writeLines } from './write';

export interface CheckPorts extends WritePorts {
  readonly bucket: ArchiveBucket;
  readonly log: LogReader;
  readonly position: CheckPosition;
  /** The ids of all rules, and the name under which the log has what is about everything. */
  readonly rules: readonly string[];
  readonly clock: Clock;
  readonly secondsLeft: () => number;
}

export interface Checked {
  readonly compared: number;
  /** Events that are older than an hour and not in the archive, while the stream may still bring them. */
  readonly behind: number;
  /** Events that the stream lost, and that are in the archive now. */
  readonly refilled: number;
  /** Lines of the archive that can't be read. */
  readonly unreadable: number;
  /** The run ended before it was through: the next one begins anew, with less to do. */
  readonly unfinished: boolean;
}

/** An event may be so late. */
const lag = hours(1);
/** A stream keeps its records for a day: what did not come by then does not come any more. */
const kept = hours(25);
/** An event gets its time shortly before it is written. */
const overlap = hours(1);
/** The clocks of the writers and of S3 may differ. */
const skew = minutes(15);

/** A run does not go on with less time than this, in seconds. */
const reserve = 60;

/** Compares the log with the archive, from where the last check ended, and fills in what the stream lost. */
export async function check(ports: CheckPorts): Promise<Checked> {
  const { rules, position, clock, secondsLeft } = ports;
  const now = clock.now().getTime();
  const last = await position.read();
  const until = new Date(now - lag);
  const since = last && new Date(Math.min(last.getTime(), until.getTime()) - overlap);
  const archived = await readArchived(ports.bucket, since && new Date(since.getTime() - skew));
  // Before the first check, the archive has what came since its deployment: all else is older than the stream.
  const lost = new Date(last ? now - kept : now - lag).toISOString();
  const found = { compared: 0, behind: 0, refilled: 0, unreadable: archived.unreadable };
  let oldest = until.toISOString();

  for (const rule of rules) {
    for await (const entries of ports.log.entries(rule, since?.toISOString() ?? '0', until.toISOString())) {
      if (secondsLeft() < reserve) return { ...found, unfinished: true };
      const { late, absent } = missingIn(entries, archived, lost);
      found.compared += entries.length;
      found.behind += late.length;
      // A writer says the time of its events: a text that is no date must not hide since when those of others are missing.
      oldest = [oldest, ...late.flatMap(({ time }) => dateOf(time)?.toISOString() ?? [])].toSorted()[0] ?? oldest;
      found.refilled += await refill(absent, ports);
    }
  }
  await position.save(new Date(oldest));
  return { ...found, unfinished: false };
}

/** What is not in the archive: what the stream may still bring, and what it lost. */
function missingIn(entries: readonly Entry[], archived: Archived, lost: string) {
  const missing = entries.filter(({ trail, sequence }) => !archived.has(trail, sequence));
  return { late: missing.filter(({ time }) => time > lost), absent: missing.filter(({ time }) => time <= lost) };
}

async function refill(missing: readonly Entry[], ports: CheckPorts): Promise<number> {
  let count = 0;
  const lines: string[] = [];
  for await (const item of ports.log.items(missing.map(({ key }) => key))) {
    lines.push(lineOf(item, { refilled: true }));
    count += 1;
    if (lines.length >= maxLines) await writeLines(lines.splice(0), ports);
  }
  await writeLines(lines, ports);
  return count;
}

/** Of a batch that is filled in. */
const maxLines = 500;

/** Undefined if the text is no date. */
function dateOf(time: string): Date | undefined {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
