import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { batchKey, lineOf, lineOfRemoval } from '../../../functions/archive/format';
import type { EventInput, LogEvent } from '../../../functions/log/event';
import { itemOf } from '../../../functions/log/item';
import { logColumns } from '../../../infra/central/archive-tables';
import { savedQueries } from '../../../infra/central/saved-queries';
import { findPython, type PythonNeeds } from '../../emulator/python';
import { trailOf } from '../world';

/** Both are MIT. Athena itself can't be had: sqlglot knows its dialect, and DuckDB runs what it makes of it. */
const sql: PythonNeeds = {
  name: 'DuckDB and sqlglot',
  requirements: ['duckdb==2.0.1', 'sqlglot==30.30.0'],
  probe: `
import importlib.metadata, sys
sys.exit(not all(importlib.metadata.version(name) == version for name, version in (("duckdb", "2.0.1"), ("sqlglot", "30.30.0"))))
`,
  venv: path.resolve(__dirname, '../../../.venv-sql'),
};

const rules = [
  { id: 's3-bucket-tls-required', severity: 'medium' },
  { id: 'ec2-instance-imdsv2-required', severity: 'high' },
];
const minutesAgo = (minutes: number) => new Date(Date.now() - 86_400_000 - minutes * 60_000).toISOString();
const bucket = 'arn:aws:s3:::b';

type Made = { readonly trail: string; readonly events: readonly LogEvent[] };
const fix = (rule: string, seconds: number | undefined): Made => {
  const detected = minutesAgo(200);
  const verified = new Date(Date.parse(detected) + (seconds ?? 0) * 1000).toISOString();
  const change = { do: { service: 's3', operation: 'PutBucketPolicy', input: { Bucket: 'b' } }, irreversible: 'A test.' };
  const planned = trailOf(
    [minutesAgo(199)],
    { kind: 'planned', changes: [change], approvedBy: 'anna', before: { any: [1] } } as Partial<EventInput>,
    rule,
  );
  const { outcome: _, ...intent } = planned.events[0] as LogEvent;
  const end = { kind: 'verified', outcome: 'fixed', times: { detected, ...(seconds !== undefined && { verified }) } } as const;
  return { trail: planned.trail, events: [intent as LogEvent, { ...intent, ...end, sequence: 2, time: minutesAgo(198) } as LogEvent] };
};
const one = (change: Partial<EventInput>, by = '') => {
  const { trail, events } = trailOf([minutesAgo(100)], { outcome: undefined, ...change } as Partial<EventInput>);
  return { trail: `${by}${trail}`, events };
};
const inTable = ({ trail, events }: Made) => events.map((event) => itemOf(event, trail));

const made = {
  fixes: [
    ...[10, 20, 30, 40, 100].map((seconds) => fix('s3-bucket-tls-required', seconds)),
    fix('s3-bucket-tls-required', undefined),
    fix('ec2-instance-imdsv2-required', 7),
  ],
  approved: one({ kind: 'approved', actor: 'anna', reason: 'Fine.' }, 'control/'),
  stopped: one({ kind: 'stopped', actor: 'bert', reason: 'Wait.' }, 'control/'),
  // Nobody approves by a trail of their own.
  claimed: one({ kind: 'approved', actor: 'mallory' }, 'local/AIDAMALLORY/'),
  failed: one({ kind: 'failed', outcome: 'failed', reason: 'AWS refused it.', code: 'access-denied' } as Partial<EventInput>),
  exempt: one({ kind: 'skipped', outcome: 'exempt', reason: 'The tag says so.', until: '2027-01-01T00:00:00.000Z' }),
  refilled: one({ kind: 'observed', outcome: 'observed' }),
  removed: one({ kind: 'observed', outcome: 'observed' }),
};

type Row = Readonly<Record<string, unknown>>;
let answers: Readonly<Record<string, readonly Row[]>>;
const folder = mkdtempSync(path.join(tmpdir(), 'archive-'));
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(async () => {
  const day = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  const { fixes, refilled, removed, ...others } = made;
  const batches = [
    [...fixes, ...Object.values(others), removed].flatMap(inTable).map((item) => lineOf(item)),
    // The same events once more, as after a retry.
    [...fixes, made.approved].flatMap(inTable).map((item) => lineOf(item)),
    [...inTable(refilled).map((item) => lineOf(item, { refilled: true })), ...inTable(removed).map((item) => lineOfRemoval(item))],
  ];
  mkdirSync(path.join(folder, path.dirname(batchKey(day, 1))), { recursive: true });
  for (const [index, lines] of batches.entries()) writeFileSync(path.join(folder, batchKey(day, index + 1)), `${lines.join('\n')}\n`);
  const queries = savedQueries(rules).map(({ name, sql: text }) => ({ name, sql: text, parameters: text.includes('?') ? [bucket] : [] }));
  const python = await findPython({ needs: sql });
  const { stdout, stderr } = spawnSync(python, [path.join(__dirname, 'run.py')], {
    input: `${JSON.stringify({ folder, columns: logColumns, queries })}\n`,
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(stderr);
  answers = JSON.parse(stdout);
});

const remediation = ({ trail }: Made) => trail.split('/').at(-1);

describe('the saved query', () => {
  it.each(savedQueries(rules).map(({ name }) => name))('%s is one that Athena can read, of columns that are there', (name) => {
    expect(answers[name]).toEqual(expect.any(Array));
  });

  it('finds who approved what, once, and not who only says so', () => {
    expect(answers['Who approved what']).toEqual([
      expect.objectContaining({ kind: 'approved', actor: 'anna', reason: 'Fine.', remediation: remediation(made.approved) }),
    ]);
  });

  it('finds what operators requested', () => {
    const found = answers['What operators requested']?.map(({ kind, actor }) => [kind, actor]);
    expect(found).toEqual(
      expect.arrayContaining([
        ['approved', 'anna'],
        ['stopped', 'bert'],
      ]),
    );
    expect(found).toHaveLength(2);
  });

  it('gives the times to fix by severity, with the number of fixes, and of those without times', () => {
    const found = answers['Times to fix by severity'];
    expect(found).toMatchObject([
      { severity: 'high', fixes: 1, without_times: 0 },
      { severity: 'medium', fixes: 6, without_times: 1 },
    ]);
    expect(found?.map(({ median }) => Number(median))).toEqual([7, 30]);
  });

  it('finds what failed, and what is exempt until when', () => {
    expect(answers['What failed']).toMatchObject([{ outcome: 'failed', code: 'access-denied', reason: 'AWS refused it.' }]);
    expect(answers['What is exempt']).toMatchObject([{ outcome: 'exempt', until: '2027-01-01T00:00:00.000Z' }]);
  });

  it('finds the changes of a resource, with the calls and who approved them', () => {
    const planned = answers['Changes of a resource']?.filter(({ kind }) => kind === 'planned');
    expect(planned).toHaveLength(made.fixes.length);
    for (const row of planned ?? []) expect(row).toMatchObject({ calls: 's3:PutBucketPolicy', approved_by: 'anna' });
  });

  it('counts outcomes by month, each remediation once', () => {
    const counts = answers['Outcomes by month']?.filter(({ outcome }) => outcome === 'fixed');
    expect(counts?.reduce((sum, { remediations }) => sum + Number(remediations), 0)).toBe(made.fixes.length);
  });

  it('finds what was filled in, removed or altered', () => {
    const found = answers['What is no ordinary event']?.map(({ trail, refilled, no_event, contradictory }) => [
      trail,
      refilled,
      no_event,
      contradictory,
    ]);
    expect(found).toHaveLength(3);
    expect(found).toEqual(
      expect.arrayContaining([
        [made.claimed.trail, false, true, false],
        [made.refilled.trail, true, false, false],
        [made.removed.trail, false, true, true],
      ]),
    );
  });
});
