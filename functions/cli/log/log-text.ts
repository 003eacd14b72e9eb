import stringWidth from 'string-width';
import { csv, textCell } from '../../csv';
import { callText } from '../print/change-text';
import { colours, print, printable, printJson, terminalWidth } from '../print/printed';
import { textTable, wrap } from '../print/text-table';
import { timeText } from '../print/time-text';
import { type ListedEvent, listVersion } from './list-schema';

/** The columns of CSV. The times and calls are parts of what JSON has. */
export const csvColumns = [
  'time',
  'remediation',
  'sequence',
  'kind',
  'outcome',
  'code',
  'rule',
  'severity',
  'detectedBy',
  'standards',
  'account',
  'region',
  'resource',
  'resourceType',
  'calls',
  'changes',
  'occurred',
  'occurrence',
  'detected',
  'received',
  'decided',
  'applied',
  'verified',
  'deadline',
  'owner',
  'actor',
  'source',
  'finding',
  'reason',
  'trail',
  'forged',
] as const;

/** A page of events, as the command prints it. */
export interface ListedPage {
  readonly entries: readonly ListedEvent[];
  /** The cursor of the next page. */
  readonly next?: string;
  /** The time up to which the page is complete, if it ended for its reads. */
  readonly searchedTo?: string;
}

/** Prints the events of a page as a table, JSON or CSV. */
export function printEntries({ entries, ...page }: ListedPage, format: 'table' | 'json' | 'csv'): void {
  if (format === 'json') printJson({ version: listVersion, entries, ...page });
  else if (format === 'csv') print(csv(csvColumns, entries.map(csvRow)));
  else if (entries.length > 0) print(listText(entries));
}

function csvRow(entry: ListedEvent): readonly string[] {
  const cells: Readonly<Record<string, unknown>> = {
    ...entry,
    ...entry.times,
    standards: entry.standards.join(' '),
    calls: callsOf(entry),
    deadline: entry.deadline?.at,
    occurrence: [entry.occurrence?.as, entry.occurrence?.call].filter(Boolean).join(' '),
    changes: entry.changes.length > 0 ? JSON.stringify(entry.changes) : '',
  };
  return csvColumns.map((column) => (column === 'account' && entry.account !== '' ? textCell(entry.account) : String(cells[column] ?? '')));
}

/** In fewer columns, each event has lines of its own. */
const tableWidth = 140;
/** The least room for the last column. */
const roomForLast = 30;

const head = ['time', 'outcome', 'severity', 'rule', 'control', 'account', 'region', 'resource', 'remediation', 'changes and reason'];

/** The events as a table, or below each other where a table would not have room. */
export function listText(entries: readonly ListedEvent[], width: number = terminalWidth()): string {
  const rows = entries.map(tableRow);
  const others = head
    .slice(0, -1)
    .map((name, column) => Math.max(name.length, ...rows.map((row) => stringWidth(printable(row[column] ?? '')))));
  const needed = others.reduce((sum, one) => sum + one + 2, roomForLast);
  if (width < Math.max(tableWidth, needed)) return entries.map((entry) => stacked(entry, width).join('\n')).join('\n\n');
  return textTable(head, rows, (cell, column) => (column === 1 ? outcomeColour(cell) : cell), width);
}

const tableRow = (entry: ListedEvent): readonly string[] => [
  timeText(entry.time),
  stateOf(entry),
  entry.severity ?? '',
  entry.rule,
  entry.detectedBy,
  entry.account,
  entry.region,
  entry.resource,
  entry.remediation,
  [callsOf(entry), entry.reason].filter(Boolean).join('; '),
];

/** An event on several lines: what came of it, for what, and what is or would be changed. */
function stacked(entry: ListedEvent, width: number): readonly string[] {
  const { bold, dim } = colours();
  const { rule, severity = '', detectedBy, account, region, resource, remediation, changes, reason } = entry;
  const about = [bold(printable(rule)), severity, printable(detectedBy)].filter(Boolean).join('  ');
  return [
    `${dim(timeText(printable(entry.time)))}  ${outcomeColour(printable(stateOf(entry)))}  ${about}`,
    `  ${printable(resource)}  ${dim(printable(`${account} ${region}`))}`,
    ...changes.map((change) => `  ${callText(change.do)}`),
    ...wrap(printable(reason), width - 2).map((line) => `  ${line}`),
    `  ${dim(`posture log --remediation ${printable(`${rule}/${remediation}`)}`)}`,
  ];
}

const stateOf = ({ forged, outcome, kind }: ListedEvent): string => (forged === undefined ? (outcome ?? kind) : 'forged');

const callsOf = ({ changes }: ListedEvent): string =>
  [...new Set(changes.map(({ do: { service, operation } }) => `${service}:${operation}`))].join(', ');

/** `2026-03-01 09:30:00Z`, or in the time zone of the caller's choice. */
export const secondsOf = timeText;

/** An outcome in its colour: green for success, red for failure, yellow if it needs attention. */
export function outcomeColour(outcome: string): string {
  const { green, red, yellow, cyan } = colours();
  if (['fixed', 'already-compliant', 'rolled-back'].includes(outcome)) return green(outcome);
  if (['failed', 'unverified', 'incomplete', 'rollback-failed', 'forged'].includes(outcome)) return red(outcome);
  if (['observed', 'planned', 'rollback-requested'].includes(outcome)) return cyan(outcome);
  return yellow(outcome);
}
