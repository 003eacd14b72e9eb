import { systemClock } from '../../clock';
import type { LogEvent, Outcome } from '../../log/event';
import { getEvents } from '../../log/get-events';
import { queryLog } from '../../log/query';
import type { LogEntry } from '../../log/question';
import type { DeployedTables } from '../central/deployed-tables';

/** How many events of each outcome are read, the newest first. */
const max = 1000;

/** The newest entries with these outcomes, one for each rule and resource: of the functions of rules, and of requests. */
export async function newestOfEach(
  { dynamo, log }: DeployedTables,
  outcomes: readonly Outcome[],
  since: string,
): Promise<{ readonly entries: readonly LogEntry[]; readonly isMore: boolean }> {
  const pages = await Promise.all(outcomes.map((outcome) => queryLog(dynamo, log, { outcome, since }, { limit: max })));
  const own = pages
    .flatMap(({ entries }) => entries)
    .filter(({ by, forged }) => (by === 'rule' || by === 'control') && forged === undefined);
  const newest = new Map<string, LogEntry>();
  for (const entry of own.toSorted((a, b) => a.time.localeCompare(b.time)))
    newest.set([entry.rule, entry.account, entry.region, entry.resource, entry.outcome].join(' '), entry);
  return { entries: [...newest.values()], isMore: pages.some(({ next }) => next !== undefined) };
}

/** The last time that something exempted a resource from a rule. */
export interface Hit {
  readonly event: LogEvent;
  /** The clauses by which nothing was changed, without their answers. */
  readonly clauses: readonly string[];
}

const answer = ' -> skip';

/** The last hits of exemptions and suppressions in the log. */
export async function lastHits(
  tables: DeployedTables,
  since: string,
): Promise<{ readonly hits: readonly Hit[]; readonly isMore: boolean }> {
  const { entries, isMore } = await newestOfEach(tables, ['exempt', 'suppressed'], since);
  const keys = entries.map(({ trail, sequence }) => ({ trail, sequence: String(sequence) }));
  const read = await getEvents(tables.dynamo, tables.log, keys, systemClock);
  const hits = [...read.values()].flatMap((record): readonly Hit[] => {
    if ('forged' in record) return [];
    const { event } = record;
    const clauses = (event.decision ?? []).flatMap((line) => (line.endsWith(answer) ? [line.slice(0, -answer.length)] : []));
    return [{ event, clauses }];
  });
  return { hits, isMore };
}
