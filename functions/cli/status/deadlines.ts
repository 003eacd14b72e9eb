import type { Clock } from '../../clock';
import { days } from '../../duration';
import type { Outcome } from '../../log/event';
import { getEvents, placeOf } from '../../log/get-events';
import { queryLog } from '../../log/query';
import type { LogEntry } from '../../log/question';
import { nameOf } from '../../log/trail';
import type { DeployedTables } from '../central/deployed-tables';

/** A misconfiguration with a deadline of the policy. */
export interface Due {
  /** `<rule>/<id>`. */
  readonly remediation: string;
  readonly account: string;
  readonly region: string;
  readonly resource: string;
  readonly outcome: string;
  readonly owner?: string;
  /** ISO 8601. */
  readonly at: string;
  readonly action: 'escalate' | 'fix';
}

/** The deadlines that passed, and those that end within a day, the first one first. */
export interface Deadlines {
  readonly missed: readonly Due[];
  readonly soon: readonly Due[];
  /** There are more than were looked at. */
  readonly isMore: boolean;
}

export const noDeadlines: Deadlines = { missed: [], soon: [], isMore: false };

/** What is reported longer ago has been reported, and logged, again; what passed its deadline is logged then. */
const period = days(8);

/** How many of each outcome are looked at, the newest first. */
const maxLeft = 100;
const maxEnded = 900;

/** How many events are read for their deadlines. */
const maxRead = 200;

/** Whether an outcome leaves the misconfiguration, with a deadline; `says-nothing` of it. A record, so that the compiler reports a missing outcome. */
const leaves: Readonly<Record<Outcome, boolean | 'says-nothing'>> = {
  'awaiting-approval': true,
  'partly-fixed': true,
  unverified: true,
  incomplete: true,
  disputed: true,
  observed: true,
  'breaker-open': true,
  'drift-loop': true,
  blocked: true,
  unfixable: true,
  'not-configured': true,
  deferred: true,
  failed: true,
  verifying: false,
  fixed: false,
  'already-compliant': false,
  'resource-not-found': false,
  exempt: false,
  suppressed: false,
  off: false,
  rejected: false,
  'rolled-back': false,
  'rollback-refused': 'says-nothing',
  'rollback-failed': false,
};

const outcomes = (Object.keys(leaves) as Outcome[]).filter((outcome) => leaves[outcome] !== 'says-nothing');

/** Reads the newest outcomes, one query each, and the events of those that are still the last of their resource. */
export async function deadlinesNow({ dynamo, log }: DeployedTables, clock: Clock): Promise<Deadlines> {
  const now = clock.now();
  const since = new Date(now.getTime() - period).toISOString();
  const pages = await Promise.all(
    outcomes.map(async (outcome) => {
      const limit = leaves[outcome] ? maxLeft : maxEnded;
      const { entries, next } = await queryLog(dynamo, log, { outcome, since }, { limit, perPage: limit });
      return { outcome, entries: entries.filter(({ by, forged }) => by === 'rule' && forged === undefined), isMore: next !== undefined };
    }),
  );
  // What ended before the oldest end that was read is not known.
  const known = pages.flatMap(({ outcome, entries, isMore }) => (isMore && !leaves[outcome] ? (entries.at(-1)?.time ?? []) : []));
  const from = known.toSorted().at(-1) ?? since;
  const left = latestOf(pages.flatMap(({ entries }) => entries)).filter(({ outcome }) => outcome !== undefined && leaves[outcome]);
  const certain = left.filter(({ time }) => time >= from).slice(0, maxRead);
  const due = await dueOf(certain);
  const soonUntil = new Date(now.getTime() + days(1)).toISOString();
  return {
    missed: due.filter(({ at }) => at <= now.toISOString()),
    soon: due.filter(({ at }) => at > now.toISOString() && at <= soonUntil),
    isMore: left.length > certain.length || pages.some(({ outcome, isMore }) => isMore && leaves[outcome]),
  };

  async function dueOf(entries: readonly LogEntry[]): Promise<readonly Due[]> {
    const keyOf = ({ trail, sequence }: LogEntry) => ({ trail, sequence: String(sequence) });
    const read = await getEvents(dynamo, log, entries.map(keyOf), clock);
    const due = entries.flatMap((entry): readonly Due[] => {
      const found = read.get(placeOf(keyOf(entry)));
      if (!found || !('event' in found) || !found.event.deadline) return [];
      const { account, region, resource, outcome = '', owner, deadline } = found.event;
      return [{ remediation: nameOf(entry), account, region, resource, outcome, ...(owner !== undefined && { owner }), ...deadline }];
    });
    return due.toSorted((a, b) => Number(a.at > b.at) - Number(a.at < b.at));
  }
}

/** The last outcome of each rule and resource, the newest first. */
function latestOf(entries: readonly LogEntry[]): readonly LogEntry[] {
  const newest = entries.toSorted((a, b) => Number(a.time < b.time) - Number(a.time > b.time) || b.sequence - a.sequence);
  const latest = new Map<string, LogEntry>();
  for (const entry of newest) {
    const key = `${entry.rule} ${entry.account} ${entry.region} ${entry.resource}`;
    if (!latest.has(key)) latest.set(key, entry);
  }
  return [...latest.values()];
}
