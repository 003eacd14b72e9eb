import type { LogEntry, LogPage } from '../../log/query';
import { csv } from '../print/csv';
import { colours, print, printJson } from '../print/printed';
import { textTable } from '../print/text-table';

const columns = [
  'time',
  'remediation',
  'sequence',
  'kind',
  'outcome',
  'code',
  'rule',
  'detectedBy',
  'account',
  'region',
  'resource',
  'resourceType',
  'actor',
  'source',
  'finding',
  'reason',
  'trail',
  'forged',
] as const satisfies readonly (keyof LogEntry)[];

/** Prints the events of a page as a table, JSON or CSV. */
export function printEntries(page: LogPage, format: 'table' | 'json' | 'csv'): void {
  const { entries } = page;
  if (format === 'json') {
    printJson({ ...page, entries: entries.map(shown) });
    return;
  }
  if (format === 'csv') {
    const rows = entries.map(shown).map((entry) => columns.map((column) => String(entry[column] ?? '')));
    print(csv(columns, rows));
    return;
  }
  if (entries.length === 0) return;
  print(
    textTable(
      ['time', 'outcome', 'rule', 'resource', 'remediation', 'reason'],
      entries
        .map(shown)
        .map((entry) => [
          secondsOf(entry.time),
          entry.forged === undefined ? (entry.outcome ?? entry.kind) : 'forged',
          entry.rule,
          entry.resource,
          entry.remediation,
          entry.reason,
        ]),
      (cell, column) => (column === 1 ? outcomeColour(cell) : cell),
    ),
  );
}

/** The entry; of a forged one, only what its key says and why it is forged. */
function shown(entry: LogEntry): LogEntry {
  const { forged, trail, sequence, by, rule, remediation, time } = entry;
  if (forged === undefined) return entry;
  const empty = { account: '', region: '', resource: '', resourceType: '', finding: '', source: '', detectedBy: '', actor: '' };
  const reason = `This record is forged and is not used. ${forged}`;
  return { ...empty, kind: 'failed', trail, sequence, by, rule, remediation, time, reason, forged };
}

/** `2026-03-01 09:30:00Z` */
export const secondsOf = (time: string): string => time.replace('T', ' ').replace(/\.\d+Z$/, 'Z');

/** An outcome in its colour: green for success, red for failure, yellow if it needs attention. */
export function outcomeColour(outcome: string): string {
  const { green, red, yellow, cyan } = colours();
  if (['fixed', 'already-compliant', 'rolled-back'].includes(outcome)) return green(outcome);
  if (['failed', 'unverified', 'incomplete', 'rollback-failed', 'forged'].includes(outcome)) return red(outcome);
  if (['observed', 'planned', 'rollback-requested'].includes(outcome)) return cyan(outcome);
  return yellow(outcome);
}
