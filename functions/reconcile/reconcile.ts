import { describe } from '../aws/error';
import type { Clock } from '../clock';
import { days, hours } from '../duration';
import { noncompliance } from './noncompliance';
import { openFindings } from './open-findings';
import type { ReconcilePorts, Report } from './ports';
import { isReceived } from './received';

/** The result of a run. */
export interface Reconciled {
  /** Reports that were compared with the log. */
  readonly read: number;
  readonly notReceived: number;
  /** How many of these were fed in; the others are, on the next days. */
  readonly fedIn: number;
  /** The time of the function was not enough: the next run begins with other rules. */
  readonly unfinished?: true;
  /** The sources that could not be read to the end, and why. */
  readonly unread: readonly string[];
}

/** An event may still be on its way. */
const settled = hours(1);

/** The time that is left for the last report, in seconds. */
const margin = 30;

/** Compares what Security Hub and AWS Config report with the log, and feeds in what was not received, up to a maximum. */
export async function reconcile(ports: ReconcilePorts): Promise<Reconciled> {
  const counts = { read: 0, notReceived: 0, fedIn: 0 };
  const unread: string[] = [];
  for (const [source, reports] of inTodaysOrder(
    Object.entries({ 'Security Hub': openFindings, 'AWS Config': noncompliance }),
    ports.clock,
  )) {
    try {
      for await (const report of reports({ ...ports, rules: inTodaysOrder(ports.rules, ports.clock) })) {
        if (ports.secondsLeft() < margin) return { ...counts, unfinished: true, unread };
        await compare(report);
      }
    } catch (error) {
      unread.push(`${source}: ${describe(error)}`);
    }
  }
  return { ...counts, unread };

  async function compare(report: Report): Promise<void> {
    if (ports.clock.now().getTime() - report.evaluatedAt.getTime() < settled) return;
    counts.read += 1;
    if (isReceived(report, await ports.lastRecord(report.rule.id, report.finding.id))) return;
    counts.notReceived += 1;
    if (counts.fedIn >= ports.maxFindings) return;
    await ports.invoke(report.rule.id, report.event);
    counts.fedIn += 1;
  }
}

/** Each day begins with another one, so that no source or rule always comes last. */
function inTodaysOrder<One>(all: readonly One[], clock: Clock): readonly One[] {
  const first = Math.floor(clock.now().getTime() / days(1)) % Math.max(1, all.length);
  return [...all.slice(first), ...all.slice(0, first)];
}
