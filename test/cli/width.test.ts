import { stripVTControlCharacters } from 'node:util';
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import stringWidth from 'string-width';
import { fitted } from '../../functions/cli/print/fitted';
import { systemClock } from '../../functions/clock';
import { openBreaker } from '../../functions/coordination/breaker-order';
import { containing } from '../../functions/coordination/containment';
import { putHold } from '../../functions/coordination/hold';
import { dynamoOpenRemediations } from '../../functions/coordination/open-remediation';
import { putAsk } from '../../functions/coordination/pending-approval';
import { putStop } from '../../functions/coordination/stop';
import type { EventInput } from '../../functions/log/event';
import { openJournal } from '../../functions/log/journal';
import { dynamoLog } from '../../functions/log/log';
import { policy } from '../../functions/policy/policy';
import { useEmulator } from '../emulator/use';
import { controlFinding } from '../events/security-hub';
import * as fc from '../fast-check';
import { createTables, environmentOf } from './central';
import { putPolicy } from './policy-copy';
import { usePosture } from './posture';

const emulator = useEmulator();
const posture = usePosture();

const rule = 's3-bucket-versioning-enabled';
const remediation = '01K6Z3NDEKTSV4RRFFQ69G5FAV';
const resource = `arn:aws:s3:::${'very-long-name-'.repeat(4)}end`;
const person = `arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Operators_0123456789abcdef/${'x'.repeat(40)}@example.com`;
const why = `An incident \u202e${'with 東京 and many words, '.repeat(12)}and an end.`;
const attribution = { by: person, at: new Date(Date.now() - 3_600_000).toISOString(), why };
const later = new Date(Date.now() + 3_600_000).toISOString();
const message = (account: string) => ({
  finding: {
    ...{ id: 'finding', source: 'control', detectedBy: 'S3.14', partition: 'aws', account, region: 'eu-west-1' },
    resource: { type: 'AWS::S3::Bucket', reported: { arn: resource } },
    ...{ detectedAt: attribution.at, sentAt: attribution.at },
  },
  number: 0,
});

let env: Record<string, string>;
beforeAll(async () => {
  const account = await emulator.account();
  await createTables(account);
  env = environmentOf(account);
  const dynamo = account.client(DynamoDBClient);
  const [orders, coordination] = ['posture-orders', 'posture-coordination'];
  const exemption = {
    rules: [rule],
    resources: [resource],
    reason: why,
    owner: `team ${'of many words '.repeat(8)}`,
    expires: '2199-01-31',
  };
  await putPolicy(dynamo, policy.parse({ exemptions: [exemption] }));
  await putStop(dynamo, orders, 'all', attribution, systemClock);
  await openBreaker(dynamo, orders, { rule, why }, systemClock);
  await putHold(dynamo, orders, { rule, resource, attribution, until: later });
  const ask = { remediation, hash: 'f'.repeat(64), at: attribution.at, expires: later, message: message(account.account) };
  await putAsk(dynamo, coordination, { rule, resource, ask } as never);
  await dynamoOpenRemediations(dynamo, coordination, systemClock).put({
    ...{ rule, resource, remediation, detectedBy: 'S3.14', since: attribution.at, message: message(account.account) as never },
  });
  const containment = { rule: 's3-bucket-locked', remediation, resource, ...contained };
  await dynamo.send(new UpdateItemCommand(containing(coordination, `lease/${resource}`, containment)));
  const reported = { type: 'AwsS3Bucket', arn: resource };
  const finding = controlFinding({ control: 'S3.14', resource: reported, account: account.account });
  emulator.gateway.securityHub.seed(account, { ...finding, Title: why } as never);

  const journal = openJournal(
    dynamoLog(dynamo, 'posture-log', { by: 'rule', rule }),
    { now: () => new Date(Date.now() - 60_000), sleep: async () => {} },
    {
      ...{ remediation, rule, version: '1', finding: finding.Id, source: 'security-hub', detectedBy: 'S3.14', partition: 'aws' },
      ...{ account: account.account, region: 'eu-west-1', resource, resourceType: 'AWS::S3::Bucket' },
    },
  );
  const call = (Status: string) => ({ service: 's3', operation: 'PutBucketVersioning', input: { Bucket: resource, Text: why, Status } });
  const changes = [{ do: call('Enabled'), undo: call('Suspended'), nearest: why }];
  const events: Partial<EventInput>[] = [
    { kind: 'planned', changes, before: { text: why } },
    { kind: 'approval-requested', outcome: 'awaiting-approval', until: later, plan: 'f'.repeat(64), changes },
    { kind: 'failed', outcome: 'failed' },
  ];
  for (const event of events) await journal.write({ kind: 'skipped', reason: why, actor: person, ...event });
});

const contained = {
  ...{ account: '111122223333', region: 'eu-west-1', since: attribution.at, detectedBy: 'Impact:S3/MaliciousIPCaller' },
  ...{ finding: `arn:aws:guardduty:eu-west-1:111122223333:detector/${'1'.repeat(32)}/finding/${'2'.repeat(32)}`, review: later },
  approvedBy: person,
};

/** The lines that are wider than the terminal, though a break between two words would have helped. */
const tooWide = (text: string, width: number) =>
  stripVTControlCharacters(text)
    .split('\n')
    .filter((line) => stringWidth(line) > width && !/^ +(posture|aws) /.test(line))
    .filter((line) => Math.max(...line.split(' ').map((word) => stringWidth(word))) < width - 24);

const commands = [
  ...['status', 'log', 'log --steps', `log --remediation ${remediation}`, 'contained', 'coverage', 'exemptions', 'policy history'],
  ...['policy show', 'approvals', 'open', 'breaker', 'rules', `rules ${rule}`, 'log verify', 'nonsense', 'log --since never'],
];
const helped = [
  ...['', 'status', 'log', 'log verify', 'contained', 'coverage', 'exemptions', 'report', 'policy', 'policy history', 'policy diff'],
  ...['policy publish', 'policy check', 'plan', 'simulate', 'explain', 'replay', 'approvals', 'approve', 'reject', 'release', 'fix'],
  ...['stop', 'resume', 'open', 'breaker', 'rollback', 'tickets', 'rules'],
];

describe.each([60, 80, 120])('in a terminal of %i columns', (width) => {
  test.each(commands)('posture %s has no wider line, whatever names and reasons say', async (command) => {
    const { stdout, stderr } = await posture(command.split(' '), { ...env, COLUMNS: String(width) });
    expect(stdout + stderr).not.toMatch(/\u202e|^ +at .*:\d+:\d+/m);
    expect((stdout + stderr).length).toBeGreaterThan(20);
    if (command !== 'policy show') expect(tooWide(stdout + stderr, width)).toEqual([]);
  });

  test.each(helped)('the help of posture %s has no wider line', async (command) => {
    const { code, stdout } = await posture([...command.split(' ').filter(Boolean), '--help'], { COLUMNS: String(width) });
    expect([code, tooWide(stdout, width)]).toEqual([0, []]);
  });
});

it('has one remediation in the singular, and its ARN in one piece', async () => {
  const { stdout } = await posture(['status'], { ...env, COLUMNS: '60' });
  expect(stripVTControlCharacters(stdout)).toMatch(/^approvals +1 waits, the oldest since /m);
  expect(stripVTControlCharacters(stdout)).toMatch(/^open +1 remediation with changes /m);
  expect(stdout.split(resource).length).toBeGreaterThan(3);
});

it('leaves JSON and CSV as programs read them, in a terminal too', async () => {
  const wide = { ...env, COLUMNS: '40' };
  const { stdout } = await posture(['log', '--json'], wide);
  expect(JSON.parse(stdout).entries.length).toBeGreaterThan(0);
  const csv = await posture(['log', '--format', 'csv'], wide);
  expect(csv.stdout.trim().split('\r\n').length).toBe(1 + JSON.parse(stdout).entries.length);
});

describe('text in a terminal', () => {
  it('continues below its text, and fills paragraphs anew', () => {
    expect(fitted('  2  for a plan: something is not\n     as expected\n\nEnd.', 24, { paragraphs: true })).toBe(
      '  2  for a plan:\n     something is not as\n     expected\n\nEnd.',
    );
    expect(fitted('policy        one two three four five', 28)).toBe('policy        one two three\n              four five');
  });

  it('keeps commands, and words that fit nowhere, whole', () => {
    expect(fitted('  posture log --since 24h --json', 10)).toBe('  posture log --since 24h --json');
    expect(fitted('resource  arn:aws:s3:::records-of-all', 20)).toBe('resource  arn:aws:s3:::records-of-all');
  });

  it('loses nothing but spaces', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'bc', ' ', '  ', '東', '\u001b[1m', '\u001b[22m', '\n'), maxLength: 80 });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 40 }), fc.boolean(), (given, width, paragraphs) => {
        const bare = (some: string) => some.replace(/\s/g, '');
        expect(bare(fitted(given, width, { paragraphs }))).toBe(bare(given));
      }),
    );
  });
});
