import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { ListedEvent } from '../../functions/cli/log/list-schema';
import { listedEvent, listedEvents } from '../../functions/cli/log/list-schema';
import { csvColumns, listText } from '../../functions/cli/log/log-text';
import { timeText } from '../../functions/cli/print/time-text';
import type { EventInput } from '../../functions/log/event';
import { openJournal } from '../../functions/log/journal';
import { dynamoLog } from '../../functions/log/log';
import type { Writer } from '../../functions/log/trail';
import { firstColumns, section } from '../docs/pages';
import type { Account } from '../emulator/account';
import { useEmulator } from '../emulator/use';
import { createTables, environmentOf } from './central';
import { usePosture } from './posture';

const emulator = useEmulator();
const posture = usePosture();
const versioning = 's3-bucket-versioning-enabled';
const rotation = 'kms-key-rotation-enabled';
const alice = 'arn:aws:iam::111122223333:user/alice';
const [one, two] = ['011122223333', '444455556666'];
let account: Account;
let env: ReturnType<typeof environmentOf>;
let minute = 0;

const idOf = (end: string) => `${'01K6Z3NDEKTSV4RRFFQ69G5FAA'.slice(0, -end.length)}${end}`;
const call = (Status: string) => ({
  service: 's3',
  operation: 'PutBucketVersioning',
  input: { Bucket: 'b', VersioningConfiguration: { Status } },
});
const changes = [{ do: call('Enabled'), undo: call('Suspended') }];

async function write(
  writer: Writer,
  letter: string,
  about: { account?: string; source?: string; detectedBy?: string },
  ...events: Partial<EventInput>[]
) {
  const clock = { now: () => new Date(Date.UTC(2026, 2, 1, 12, minute++)), sleep: async () => {} };
  const journal = openJournal(dynamoLog(account.client(DynamoDBClient), 'posture-log', writer), clock, {
    ...{ remediation: idOf(letter), rule: writer.rule, version: '1', finding: `finding ${letter}`, partition: 'aws', region: 'eu-west-1' },
    ...{
      source: 'security-hub',
      detectedBy: 'S3.14',
      account: one,
      resource: `arn:aws:s3:::${letter}`,
      resourceType: 'AWS::S3::Bucket',
      ...about,
    },
  });
  const actor = `arn:aws:iam::1:role/posture-function-${writer.rule}`;
  for (const event of events) await journal.write({ kind: 'skipped', reason: 'Because.', actor, ...event });
}

beforeAll(async () => {
  account = await emulator.account();
  env = environmentOf(account);
  await createTables(account);
  const rule = { by: 'rule', rule: versioning } as const;
  await write(rule, 'A', {}, { kind: 'observed', outcome: 'observed', changes, times: { received: '2026-03-01T11:00:00.000Z' } });
  await write(
    ...([rule, 'B', { account: two, detectedBy: 's3-bucket-versioning-enabled', source: 'config' }] as const),
    { kind: 'planned', changes, times: { detected: '2026-03-01T11:00:00.000Z' } },
    { kind: 'applied' },
    { kind: 'verified', outcome: 'fixed', times: { verified: '2026-03-01T12:00:00.000Z' } },
  );
  await write({ by: 'rule', rule: rotation }, 'C', { detectedBy: 'KMS.4', source: 'sweep' }, { kind: 'failed', outcome: 'failed' });
  await write({ by: 'control', rule: versioning }, 'A', {}, { kind: 'approved', actor: alice });
  await write({ by: 'control', rule: 'posture' }, 'D', { source: 'control', detectedBy: 'none' }, { kind: 'stopped', actor: alice });
});

const listed = async (...args: string[]) => {
  const { code, stdout } = await posture(['log', ...args, '--json'], env);
  expect(code).toBe(0);
  return (JSON.parse(stdout) as { entries: ListedEvent[] }).entries;
};
const named = (entries: readonly ListedEvent[]) => entries.map(({ remediation, kind }) => `${remediation.at(-1)} ${kind}`);

describe('a list of the log', () => {
  it('says what would be, and what was changed, how severe it is, for which requirements, and when, as its schema says', async () => {
    const { stdout } = await posture(['log', '--all-accounts', '--json'], env);
    const { version, entries } = listedEvents.parse(JSON.parse(stdout));
    expect(version).toBe('1');
    expect(entries.find(({ kind }) => kind === 'observed')).toMatchObject({
      ...{ changes, severity: 'low', account: one, times: { received: '2026-03-01T11:00:00.000Z' } },
      standards: expect.arrayContaining([expect.stringMatching(/^NIST800-53r5/)]),
    });
    expect(entries.find(({ outcome }) => outcome === 'fixed')).toMatchObject({
      ...{ changes, account: two },
      times: { detected: '2026-03-01T11:00:00.000Z', verified: '2026-03-01T12:00:00.000Z' },
    });
    const { stdout: schema } = await posture(['log', '--schema']);
    expect(JSON.parse(schema)).toMatchObject({ type: 'object', required: ['version', 'entries'], additionalProperties: false });
    const { stdout: table } = await posture(['log', '--all-accounts'], env);
    expect(table).toMatch(
      /observed +low +s3-bucket-versioning-enabled +S3\.14 +011122223333 +eu-west-1 +\S+ +\S+ +s3:PutBucketVersioning; Because\./,
    );
  });

  it('has the fields that the page for auditors lists', () => {
    const [json = [], csv = []] = firstColumns(section('docs/audit.md', 'Lists in JSON and CSV'));
    expect(json).toEqual(Object.keys(listedEvent.shape));
    expect(csv).toEqual(csvColumns.filter((column) => !json.includes(column)));
  });

  it('keeps the ids of accounts texts in a spreadsheet, and nothing else a formula', async () => {
    const { stdout } = await posture(['log', '--rule', versioning, '--format', 'csv'], env);
    const [head, ...rows] = stdout.trimEnd().split('\r\n');
    expect(head).toBe(csvColumns.map((column) => `"${column}"`).join(','));
    expect(rows.every((row) => /"=""(011122223333|444455556666)"""/.test(row))).toBe(true);
    expect(rows.join().match(/"=/g)).toHaveLength(rows.length);
  });

  it.each([
    [['--kind', 'stopped'], ['D stopped'], 'by-result'],
    [['--actor', alice], ['D stopped', 'A approved'], 'by-actor'],
    [['--actor', alice, '--kind', 'approved'], ['A approved'], 'by-result'],
    [['--actor', alice, '--rule', versioning], ['A approved'], 'by-rule'],
    [['--control', 's3.14'], ['A approved', 'A observed'], 'by-rule'],
    [['--control', 'KMS.4', '--account', one], ['C failed'], 'by-account'],
    [['--source', 'sweep'], ['C failed'], 'by-source'],
    [['--source', 'config'], ['B verified', 'B planned'], 'by-time'],
    [['--severity', 'medium'], ['C failed'], 'by-time'],
    [['--severity', 'low', '--outcome', 'observed'], ['A observed'], 'by-time'],
    [['--outcome', 'failed'], ['C failed'], 'by-result'],
    [['--severity', 'low', '--actor', alice], ['A approved'], 'by-actor'],
    [['--standard', 'PCI4.0.1', '--account', one, '--severity', 'medium'], ['C failed'], 'by-account'],
    [['--standard', 'NIST800-53r5', '--account', one, '--steps'], ['A approved', 'C failed', 'A observed'], 'by-account'],
    [['--rule', versioning, '--severity', 'low', '--account', two], ['B verified', 'B planned'], 'by-rule'],
    [['--all-accounts'], ['D stopped', 'A approved', 'C failed', 'B verified', 'B planned', 'A observed'], 'by-time'],
    [['--account', one], ['D stopped', 'A approved', 'C failed', 'A observed'], 'by-account'],
  ])('with %j is answered by an index, and never by a scan', async (args, expected, index) => {
    const before = emulator.gateway.calls.length;
    expect(named(await listed(...args))).toEqual(expected);
    const calls = emulator.gateway.calls.slice(before).filter(({ service }) => service === 'dynamodb');
    const operations = new Set(calls.map(({ operation }) => operation));
    expect([...operations].filter((one) => !['DescribeTable', 'Query', 'BatchGetItem'].includes(one))).toEqual([]);
    const queried = calls.filter(({ operation }) => operation === 'Query').map(({ input }) => input.IndexName);
    expect([...new Set(queried)]).toEqual([index]);
    expect(calls.length).toBeLessThan(10);
  });

  it('of all accounts goes on where its last page ended, in both orders', async () => {
    for (const order of [[], ['--oldest-first']]) {
      const whole = named(await listed('--all-accounts', '--steps', ...order));
      expect(whole).toHaveLength(7);
      const pages: string[] = [];
      let after: readonly string[] = [];
      do {
        const { stdout } = await posture(['log', '--all-accounts', '--steps', '--limit', '2', '--json', ...order, ...after], env);
        const { entries, next } = JSON.parse(stdout) as { entries: ListedEvent[]; next?: string };
        pages.push(...named(entries));
        after = next === undefined ? [] : ['--after', next];
      } while (after.length > 0);
      expect(pages).toEqual(whole);
    }
  });

  it('says which filters exclude each other', async () => {
    const { stderr } = await posture(['log', '--all-accounts', '--account', one], env);
    expect(stderr).toContain("--all-accounts and --account can't be combined");
    expect((await posture(['log', '--rule', rotation, '--severity', 'low'], env)).stderr).toContain('No events found.');
    expect((await posture(['log', '--all-accounts', '--after', 'nonsense'], env)).stderr).toContain('The cursor is invalid');
  });

  it('is stacked in a narrow terminal, without what could steer it', async () => {
    const [entry] = await listed('--outcome', 'observed');
    if (!entry) throw new Error('There is no entry.');
    expect(listText([{ ...entry, reason: 'One\u001b[2J.' }], 139).split('\n')).toEqual([
      `2026-03-01 12:00:00Z  observed  ${versioning}  low  S3.14`,
      `  arn:aws:s3:::A  ${one} eu-west-1`,
      '  s3:PutBucketVersioning  Bucket=b, VersioningConfiguration.Status=Enabled',
      '  One[2J.',
      `  posture log --remediation ${versioning}/${idOf('A')}`,
    ]);
    expect(listText([entry], 220)).toMatch(/^time +outcome/);
    expect(listText([{ ...entry, resource: 'r'.repeat(200) }], 220)).toMatch(/^2026-03-01 12:00:00Z {2}observed/);
  });

  it('has the times of the zone that is asked for, and UTC for software', async () => {
    const { stdout } = await posture(['log', '--outcome', 'observed', '--time-zone', 'Asia/Kolkata'], env);
    expect(stdout).toContain('2026-03-01 17:30:00+05:30');
    const { stdout: json } = await posture(['log', '--outcome', 'observed', '--time-zone', 'Asia/Kolkata', '--json'], env);
    expect(json).toContain('2026-03-01T12:00:00.000Z');
    expect((await posture(['log', '--time-zone', 'Mars'], env)).stderr).toContain('--time-zone "Mars" is not a time zone.');
    expect(timeText('no time')).toBe('no time');
  });
});

describe('a list with records of a function that writes what it likes', () => {
  const rule = { by: 'rule', rule: versioning } as const;
  const hostile = [
    ...[5, 'x', [5], [null], [{}], [{ do: null }], [{ do: { service: 5 } }], [{ do: call('x'), undo: 5 }]].map((value) => ({
      changes: value,
    })),
    ...[5, 'x', {}, [5]].flatMap((value) => [{ decision: value }, { effects: value }, { collected: value }]),
    ...[5, 'x', [], { as: 5, at: 5, received: 5 }].flatMap((value) => [{ times: value }, { occurrence: value }, { deadline: value }]),
    ...[5, {}, []].flatMap((value) => [{ owner: value }, { until: value }, { code: value }]),
  ];
  let own: Account;
  const ours = 'Z';

  beforeAll(async () => {
    [own, account] = [account, await emulator.account()];
    env = environmentOf(account);
    await createTables(account);
    await write(rule, ours, {}, { kind: 'observed', outcome: 'observed', changes });
    for (const [index, event] of hostile.entries())
      await write(rule, String(index + 10), {}, { kind: 'failed', outcome: 'failed', ...(event as Partial<EventInput>) });
  });
  afterAll(() => {
    account = own;
  });

  it.each([[['--format', 'table']], [['--format', 'csv']], [['--json']]])(
    'names each as forged, and shows what others wrote, with %j',
    async (format) => {
      const { code, stdout, stderr } = await posture(['log', '--all-accounts', '--limit', 'all', ...format], env);
      expect([code, stderr.includes('TypeError')]).toEqual([0, false]);
      expect(stdout).toContain(`arn:aws:s3:::${ours}`);
      expect(stdout.match(/This record is forged and is not used/g)?.length ?? stdout.match(/forged/g)?.length).toBeGreaterThanOrEqual(
        hostile.length,
      );
    },
  );

  it('shows the trail of one without what is forged', async () => {
    const { stdout, stderr } = await posture(['log', '--resource', `arn:aws:s3:::${ours}`, '--steps'], env);
    expect([stdout, stderr].join()).not.toContain('TypeError');
  });
});
