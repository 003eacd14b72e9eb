import { textTable } from '../../functions/cli/print/text-table';
import { withTime } from './invocation';
import type { FreshAndWarm, MeasuredUnits } from './measure';
import { dollarsByKind, dollarsOf, kinds, milliseconds, prices, sumOf, type Units } from './prices';

/** The columns of the bill: the kinds of what AWS charges for, of which `notify` has all of the notification function, `detector` the question to the detector, and `rest` all of a stack at rest. */
export const columns = [...kinds, 'notify', 'detector', 'rest'] as const;
export type Column = (typeof columns)[number];

/** US dollars by column. */
export interface BillRow {
  readonly what: string;
  readonly dollars: Readonly<Partial<Record<Column, number>>>;
  readonly total: number;
  /** What it may cost at most. */
  readonly bar?: number;
}

const million = 1e6;
const daysOfMonth = 365 / 12;
/** Of the stack. A test compares it with the templates. */
export const alarmCount = 22;

/** Security Hub reports an open finding with each of its checks. */
const reportsPerDay = 2;
const openFindings = 10_000;
/** What is logged and published again after a week. */
const renewals = daysOfMonth / 7;

/** The bill of four occasions, from what each of them takes. Nothing is free, and in observe mode, each report starts a new process. */
export function billOf({ fix, asked, notification, observed, repeated, poll, hourly }: MeasuredUnits): readonly BillRow[] {
  const rest = sumOf(
    [unitsIn(poll, 'warm'), daysOfMonth * 24 * 60],
    [unitsIn(hourly, 'fresh'), daysOfMonth * 24],
    [{ alarm: alarmCount, key: 1 }, 1],
  );
  const logged = openFindings * (1 + renewals);
  const reports = openFindings * reportsPerDay * daysOfMonth - logged;
  const observing = sumOf([unitsIn(repeated, 'fresh'), reports], [unitsIn(observed, 'fresh'), logged], [{ metric: 1 }, 1]);
  const fixes = (process: Process) => times(fix, process, million);
  const told = (process: Process) => ({
    notify: dollarsOf(times(notification, process, million)),
    detector: dollarsOf(times(asked, process, million)),
  });
  return [
    row('A million fixes in warm functions', fixes('warm'), told('warm'), 36),
    row('A million fixes, each in a new process', fixes('fresh'), told('fresh'), 41),
    row('A month of 10,000 open findings that are observed', observing, { rest: dollarsOf(rest) }, 8),
    row('A month at rest', {}, { rest: dollarsOf(rest) }),
  ];
}

type Process = keyof FreshAndWarm;

const unitsIn = (of: FreshAndWarm, process: Process): Units => withTime(of[process], milliseconds[process]);
const times = (of: FreshAndWarm, process: Process, count: number): Units => sumOf([unitsIn(of, process), count]);

function row(what: string, units: Units, others: Readonly<Partial<Record<Column, number>>>, bar?: number): BillRow {
  const dollars = { ...dollarsByKind(units), ...others };
  const total = Object.values(dollars).reduce((sum, one) => sum + one, 0);
  return { what, dollars, total, ...(bar !== undefined && { bar }) };
}

/** The broken bars, in sentences. */
export const brokenBars = (bill: readonly BillRow[]): readonly string[] =>
  bill.flatMap(({ what, total, bar }) =>
    bar !== undefined && total > bar ? [`${what}: $${total.toFixed(2)}, more than $${bar.toFixed(2)}.`] : [],
  );

export const billText = (bill: readonly BillRow[]): string =>
  textTable(
    ['US dollars', ...columns, 'total', 'limit'],
    bill.map(({ what, dollars, total, bar }) => [
      what,
      ...columns.map((column) => (dollars[column] ? dollars[column].toFixed(2) : '')),
      total.toFixed(2),
      bar === undefined ? '' : String(bar),
    ]),
  );

/** The totals as the documentation states them, rounded up to whole dollars. */
export const documentedTable = (bill: readonly BillRow[]): string =>
  ['| What | Price |', '|---|---|', ...bill.map(({ what, total }) => `| ${what} | $${Math.ceil(total)} |`)].join('\n');

/** The prices with their sources. */
export const priceText = (): string =>
  textTable(
    ['price', 'US dollars', 'per', 'source'],
    Object.entries(prices).map(([name, { dollars, per, source }]) => [name, String(dollars), per, source]),
  );
