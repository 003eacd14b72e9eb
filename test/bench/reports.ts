import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadRules } from '../../functions/catalogue/catalogue';
import { print } from '../../functions/cli/print/printed';
import { textTable } from '../../functions/cli/print/text-table';
import type { ReportEnvironment } from '../../functions/report/scheduled/environment';
import type { Cadence } from '../../functions/report/scheduled/period';
import { bundleOneOfCatalogue } from '../../infra/bundle/of-catalogue';
import { trailsOf } from '../history/events';
import { generate } from '../history/generate';
import type { Script } from '../history/script';
import { serveHistory } from '../history/serve';
import { type HistoryTable, historyTable, type Usage } from '../history/table';
import { reportedRules } from '../report/pages';
import { type MeasuredList, measureLists } from './lists';
import { launcher, peakOf } from './peak';
import { measureVerification } from './verify';

const from = new Date('2025-01-01T00:00:00Z');

/** What any report of a quarter of a year of 200,000 events may take, as any in the function and any verification. */
const maxMegabytes = 512;
/** What those of the whole year may take at the command line, where Node.js collects garbage late. */
const maxMegabytesOfYear = 1024;
const heap = 340;
const maxFirstPage = 10;

/** Queries and reports over a generated year: read units, items, milliseconds and memory. Fails beyond what they may take. */
export async function benchReports(events: number): Promise<void> {
  const scripts = [...generate({ seed: 1, events, from, days: 365, rules: reportedRules })];
  const table = historyTable(scripts.flatMap(trailsOf));
  const served = await serveHistory(table, '123456789012');
  print(`A year with ${table.items} events of ${scripts.length} remediations.\n`);
  try {
    const pages = await measureLists(table, served.url, scripts);
    print(textTable(['first page of 50, by', 'read units', 'queries', 'items', 'ms', 'batch reads', 'rows'], pages.map(listRow)));
    const verified = await measureVerification(table, served.url, scripts);
    print(
      `\n${textTable(
        ['posture log verify', 'read units', 'requests to S3', 'ms', 'MB of memory'],
        verified.map((one) => [one.name, one.units, one.requests, one.milliseconds, one.megabytes].map(wholeText)),
      )}`,
    );
    const reports: Measured[] = [];
    for (const [name, args] of reportArguments(scripts)) reports.push(await runReport(name, args, table, served.url));
    reports.push(await runFunction('quarterly', '2025-07-01T04:06:00Z', table, served.url));
    reports.push(await runFunction('yearly', '2026-01-01T04:06:00Z', table, served.url));
    print(
      `\n${textTable(
        ['posture report', 'read units', 'queries', 'items', 'ms', 'MB of memory', 'MB of file'],
        reports.map((one) => [...rowOf(one), one.megabytes?.toFixed(0) ?? '', one.file?.toFixed(1) ?? '']),
      )}`,
    );
    const slow = pages
      .filter(({ queries, batches }) => queries + batches >= maxFirstPage)
      .map(({ name }) => `The first page by ${name} takes ${maxFirstPage} reads or more.`);
    const large = [...reports, ...verified]
      .filter(({ name, megabytes = 0 }) => megabytes > maxOf(name))
      .map(({ name }) => `${name} takes more than ${maxOf(name)} MB of memory.`);
    for (const complaint of [...slow, ...large]) print(complaint);
    if (slow.length + large.length > 0) process.exitCode = 1;
  } finally {
    await served.stop();
  }
}

const maxOf = (name: string): number => (name.startsWith('a year') ? maxMegabytesOfYear : maxMegabytes);

interface Measured extends Pick<Usage, 'units' | 'queries' | 'items'> {
  readonly name: string;
  readonly milliseconds: number;
  readonly megabytes?: number;
  readonly file?: number;
}

const rowOf = ({ name, units, queries, items, milliseconds }: Measured): readonly string[] => [
  name,
  units.toFixed(1),
  String(queries),
  String(items),
  milliseconds.toFixed(0),
];

const listRow = (one: MeasuredList): readonly string[] => [
  ...rowOf(one),
  String(one.batches),
  one.searchedTo === undefined ? String(one.rows) : `${one.rows} since ${one.searchedTo.slice(0, 10)}`,
];

const wholeText = (value: string | number): string => (typeof value === 'string' ? value : value.toFixed(0));

async function measure(table: HistoryTable, work: () => Promise<void>): Promise<Omit<Measured, 'name'>> {
  const before = { ...table.usage };
  const started = performance.now();
  await work();
  const milliseconds = performance.now() - started;
  const { units, queries, items } = table.usage;
  return { units: units - before.units, queries: queries - before.queries, items: items - before.items, milliseconds };
}

/** A report in the bundled function, in all formats. */
async function runFunction(cadence: Cadence, time: string, table: HistoryTable, endpoint: string): Promise<Measured> {
  const folder = mkdtempSync(path.join(tmpdir(), 'posture-bench-'));
  const { folder: code } = await bundleOneOfCatalogue('report', loadRules(), folder);
  const settings: ReportEnvironment = {
    LOG_TABLE: 'arn:aws:dynamodb:eu-west-1:123456789012:table/posture-log',
    ARCHIVE_BUCKET: 'archive',
    TOPIC: 'arn:aws:sns:eu-west-1:123456789012:posture-notifications',
    CADENCE: cadence,
    VERSION: '1',
  };
  const context = '{ getRemainingTimeInMillis: () => 900000, functionName: "posture-report", awsRequestId: "1" }';
  const run = `require(${JSON.stringify(code)}).handler({ time: ${JSON.stringify(time)} }, ${context}).catch((error) => { console.error(error); process.exitCode = 1; })`;
  let megabytes = 0;
  const usage = await measure(table, async () => {
    megabytes = await peakOf([`--max-old-space-size=${heap}`, '-e', run], endpoint, settings);
  });
  rmSync(folder, { recursive: true });
  return { name: `${cadence}, function`, ...usage, megabytes };
}

const reportArguments = (scripts: readonly Script[]): readonly (readonly [string, readonly string[]])[] => [
  ['a week', ['--since', '2025-06-01', '--until', '2025-06-07']],
  ['a quarter', ['--since', '2025-04-01', '--until', '2025-06-30']],
  ['a year', ['--since', '2025-01-01', '--until', '2025-12-31']],
  ['a year, as OSCAL', ['--since', '2025-01-01', '--until', '2025-12-31', '--format', 'oscal']],
  ['a quarter of one account', ['--since', '2025-04-01', '--until', '2025-06-30', '--account', scripts[0]?.account ?? '']],
];

async function runReport(name: string, args: readonly string[], table: HistoryTable, endpoint: string): Promise<Measured> {
  const folder = mkdtempSync(path.join(tmpdir(), 'posture-bench-'));
  const file = path.join(folder, 'report.html');
  let megabytes = 0;
  const usage = await measure(table, async () => {
    megabytes = await peakOf([launcher, 'report', ...args, '--out', file], endpoint);
  });
  const size = statSync(file).size / 1e6;
  rmSync(folder, { recursive: true });
  return { name, ...usage, megabytes, file: size };
}
