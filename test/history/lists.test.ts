import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DeployedTables } from '../../functions/cli/central/deployed-tables';
import { withDetails } from '../../functions/cli/log/details';
import type { ListedEvent } from '../../functions/cli/log/list-schema';
import { answer, askedBy, type Filters } from '../../functions/cli/log/log-question';
import { reportedRules } from '../report/pages';
import { trailsOf } from './events';
import { generate } from './generate';
import { expectedList, type ListedMoment, type ListQuestion, roleOf, timeOf } from './listed';
import { people } from './lives';
import { type ServedHistory, serveHistory } from './serve';
import { type HistoryTable, historyTable } from './table';

const from = new Date('2026-01-01T00:00:00Z');
const scripts = [...generate({ seed: 11, events: 14_000, from, days: 365, rules: reportedRules })];
const [sample] = scripts.filter(({ source }) => source === 'security-hub');
if (!sample) throw new Error('The history is empty.');
const { account, rule, resource, finding, detectedBy: control } = sample;
const [ada = ''] = people;

let table: HistoryTable;
let served: ServedHistory;
let tables: DeployedTables;
beforeAll(async () => {
  table = historyTable(scripts.flatMap(trailsOf));
  served = await serveHistory(table, '123456789012');
  const dynamo = new DynamoDBClient({ endpoint: served.url, region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
  tables = { dynamo, log: 'posture-log' } as DeployedTables;
});
afterAll(() => served.stop());

const limit = 50;

async function list(question: ListQuestion, page: { readonly limit: number; readonly after?: string } = { limit }) {
  const before = { ...table.usage };
  const answered = await answer(tables, askedBy(question as Filters), page);
  const entries = await withDetails(tables, answered.entries);
  const { queries, batches } = table.usage;
  return { ...answered, entries, reads: queries - before.queries + batches - before.batches };
}

/** What a row says, as the generator decided it. */
const rowOf = ({ script, moment, actor }: ListedMoment) => ({
  ...{ time: timeOf(moment), remediation: script.remediation, rule: script.rule, account: script.account, resource: script.resource },
  ...{ kind: moment.kind, outcome: moment.outcome, actor, source: script.source, detectedBy: script.detectedBy },
  severity: script.rule === 'posture' ? undefined : script.severity,
});
const saidBy = (entry: ListedEvent) => {
  const { time, remediation, rule, account, resource, kind, outcome, actor, source, detectedBy, severity } = entry;
  return { time, remediation, rule, account, resource, kind, outcome, actor, source, detectedBy, severity };
};
const sorted = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).toSorted();
const expected = (question: ListQuestion) => expectedList(scripts, question, reportedRules);

const filters: readonly ListQuestion[] = [
  { account },
  { rule },
  { resource },
  { finding },
  ...['fixed', 'observed', 'failed', 'exempt', 'rolled-back'].map((outcome) => ({ outcome })),
  ...['planned', 'verified', 'approved', 'rejected', 'stopped', 'reverted', 'unconfirmed'].map((kind) => ({ kind })),
  ...[ada, roleOf(rule)].map((actor) => ({ actor })),
  { control },
  ...['critical', 'high', 'low'].map((severity) => ({ severity })),
  ...['FSBP', 'CIS3.0', 'PCI4.0.1'].map((standard) => ({ standard })),
  ...['security-hub', 'config', 'sweep', 'control', 'guardduty'].map((source) => ({ source })),
];

/** The first page, and what it may not miss: all of it, or all up to the time that it names. */
async function expectPage(question: ListQuestion) {
  const { entries, next, searchedTo, reads } = await list(question);
  const rows = expected(question).filter(({ moment }) => searchedTo === undefined || timeOf(moment) >= searchedTo);
  expect([question, sorted(entries.map(saidBy))]).toEqual([question, sorted(rows.slice(0, limit).map(rowOf))]);
  expect([question, entries.map(({ time }) => time)]).toEqual([question, rows.slice(0, limit).map(({ moment }) => timeOf(moment))]);
  expect(reads).toBeLessThan(10);
  if (searchedTo !== undefined) expect(next).toBeDefined();
  return { entries, searchedTo };
}

describe('the first page of a list of the log', () => {
  it('of all accounts takes few reads, and has the newest events', async () => {
    for (const question of [{}, { steps: true }, { since: '2026-03-01', until: '2026-03-02T00:00:00.000Z' }]) {
      const { entries, searchedTo } = await expectPage(question);
      expect([entries.length > 0, searchedTo]).toEqual([true, undefined]);
    }
    const { reads } = await list({});
    expect(reads).toBeLessThanOrEqual(5);
  });

  it.each(filters)('by %j takes less than ten reads, and has what the ledger has', async (filter) => {
    const { entries, searchedTo } = await expectPage(filter);
    // What this history has plenty of fills its page.
    if (expected(filter).length > 1000) expect([entries.length, searchedTo]).toEqual([limit, undefined]);
  });

  it('by each pair of filters takes less than ten reads, and has what the ledger has', async () => {
    const pairs = filters.flatMap((one, index) =>
      filters.slice(index + 1).flatMap((other) => (Object.keys(one)[0] === Object.keys(other)[0] ? [] : [{ ...one, ...other }])),
    );
    expect(pairs.length).toBeGreaterThan(300);
    const cut: ListQuestion[] = [];
    for (const pair of pairs) if ((await expectPage(pair)).searchedTo !== undefined) cut.push(pair);
    // Only what is rare and has no index is not found at once: less than one event in fifty.
    expect(cut.length).toBeLessThan(pairs.length / 10);
    for (const pair of cut) expect(expected(pair).length).toBeLessThan(table.items / 50);
  });
});

describe('the pages of a list', () => {
  it.each<ListQuestion>([
    { steps: true, since: '2026-12-20' },
    { severity: 'critical', kind: 'reverted' },
    { standard: 'CIS3.0', since: '2026-11-01' },
    { actor: ada, account },
    { source: 'guardduty' },
  ])('%j have all events once, one page after another, in bounded reads', async (question) => {
    const found: ListedEvent[] = [];
    let after: string | undefined;
    let pages = 0;
    do {
      const page = await list(question, { limit, ...(after !== undefined && { after }) });
      expect(page.reads).toBeLessThan(10);
      found.push(...page.entries);
      after = page.next;
      pages += 1;
    } while (after !== undefined && pages < 200);
    const { since } = askedBy(question as Filters).question;
    const rows = expected({ ...question, ...(since !== undefined && { since }) });
    expect(sorted(found.map(saidBy))).toEqual(sorted(rows.map(rowOf)));
    expect(found.map(({ time }) => time)).toEqual(rows.map(({ moment }) => timeOf(moment)));
  });
});
