import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand, type StateValue } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateQueueCommand, GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { loadRules } from '../../functions/catalogue/catalogue';
import { isOf } from '../../functions/cli/status/policy-status';
import { systemClock } from '../../functions/clock';
import { putApproval } from '../../functions/coordination/approval';
import { openBreaker } from '../../functions/coordination/breaker-order';
import { putDrill } from '../../functions/coordination/drill';
import { leaseKey } from '../../functions/coordination/lease-key';
import { dynamoOpenRemediations } from '../../functions/coordination/open-remediation';
import { putAsk } from '../../functions/coordination/pending-approval';
import { putRouteCheck } from '../../functions/coordination/route-check';
import { putSealed } from '../../functions/coordination/sealed';
import { putStop } from '../../functions/coordination/stop';
import type { RetryMessage } from '../../functions/findings/retry-message';
import type { EventInput } from '../../functions/log/event';
import { openJournal } from '../../functions/log/journal';
import { dynamoLog } from '../../functions/log/log';
import { freshPolicy } from '../../functions/policy/policy';
import type { Rule } from '../../rules/rule';
import { section } from '../docs/pages';
import type { Account } from '../emulator/account';
import { useEmulator } from '../emulator/use';
import { createTables, environmentOf } from './central';
import { putPolicy } from './policy-copy';
import { usePosture } from './posture';

const emulator = useEmulator();
const posture = usePosture();
const tables = { orders: 'posture-orders', coordination: 'posture-coordination' };
const rule = 's3-bucket-versioning-enabled';
const operator = 'arn:aws:iam::111122223333:user/alice';
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);

/** A remediation id that ends with the number. */
const idOf = (index: number) => `01K6Z3NDEKTSV4RRFFQ69G${String(index).padStart(4, '0')}`;

const versioning = loadRules().find((entry) => entry.rule.id === rule)?.rule as Rule;
const leaseOf = (arn: string) =>
  leaseKey(versioning, { type: 'AWS::S3::Bucket', arn, id: '', partition: 'aws', account: '111122223333', region: 'eu-west-1' });

async function centralAccount(): Promise<{ account: Account; dynamo: DynamoDBClient; sqs: SQSClient }> {
  const account = await emulator.account();
  await createTables(account);
  const [dynamo, sqs] = [account.client(DynamoDBClient), account.client(SQSClient)];
  for (const QueueName of ['posture-undelivered', 'posture-failed']) await sqs.send(new CreateQueueCommand({ QueueName }));
  return { account, dynamo, sqs };
}

const journalOf = (dynamo: DynamoDBClient, remediation: string, resource: string, at: Date) =>
  openJournal(
    dynamoLog(dynamo, 'posture-log', { by: 'rule', rule }),
    { now: () => at, sleep: async () => {} },
    {
      ...{
        remediation,
        rule,
        version: '1',
        finding: `finding of ${resource}`,
        source: 'security-hub',
        detectedBy: 'S3.14',
        partition: 'aws',
      },
      ...{ account: '111122223333', region: 'eu-west-1', resource, resourceType: 'AWS::S3::Bucket' },
    },
  );

const said = (kind: EventInput['kind'], outcome: EventInput['outcome'], more: Partial<EventInput> = {}): EventInput => ({
  kind,
  ...(outcome && { outcome }),
  reason: 'Because.',
  actor: `arn:aws:iam::111122223333:role/posture-function-${rule}`,
  ...more,
});

const message = (resource: string): RetryMessage => ({
  finding: {
    ...{ id: 'finding', source: 'control', detectedBy: 'S3.14', partition: 'aws', account: '111122223333', region: 'eu-west-1' },
    resource: { type: 'AWS::S3::Bucket', reported: { arn: resource } },
    ...{ detectedAt: '2026-01-01T00:00:00Z', sentAt: '2026-01-01T00:00:00Z' },
  },
  number: 0,
});

describe('posture status', () => {
  it('says that nothing needs attention, and ends with 0', async () => {
    const { account, dynamo } = await centralAccount();
    await putPolicy(dynamo, freshPolicy);
    const before = emulator.gateway.calls.length;
    const { code, stdout, stderr } = await posture(['status'], environmentOf(account));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const calls = emulator.gateway.calls.slice(before).filter((call) => call.account === account.account);
    const permissions = new Set(calls.map(({ service, operation }) => `${service === 'monitoring' ? 'cloudwatch' : service}:${operation}`));
    for (const free of ['sts:GetCallerIdentity', 'dynamodb:DescribeTable']) permissions.delete(free);
    const row =
      section('docs/operate.md', 'Permissions for operators')
        .split('\n')
        .find((one) => one.startsWith('| `status`')) ?? '';
    expect([...permissions].toSorted()).toEqual([...new Set(row.match(/\w+:[A-Z]\w+/g))].toSorted());
    expect(stdout).toMatch(/^changes +allowed$/m);
    expect(stdout).toMatch(/^policy +version 7 \(SHA-256 [0-9a-f]{16}\)\. Its publication is not among the newest events of the log\.$/m);
    expect(stdout).toMatch(/^rules +fix 0, ask \d+, observe \d+, off 0$/m);
    expect(stdout).toMatch(/^dead letters +posture-undelivered 0, posture-failed 0$/m);
    expect(stdout).toMatch(/^routes +not checked yet$/m);
    expect(stdout).toMatch(/^alarms +none is on$/m);
    expect(stdout).toContain('\nNothing needs attention.\n');
  });

  it('names the routes that are not as deployed, and says that they are not checked any more', async () => {
    const { account, dynamo } = await centralAccount();
    await putPolicy(dynamo, freshPolicy);
    const problem = 'is disabled, and was deployed enabled';
    const problems = Array.from({ length: 6 }, (_, index) => ({ route: `posture-rule-${index}`, problem }));
    await putRouteCheck(dynamo, tables.coordination, { at: ago(200).toISOString(), checked: 150, altered: 6, problems }, systemClock);
    const { code, stdout } = await posture(['status', '--json'], environmentOf(account));
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      routes: { checked: 150, altered: 6 },
      attention: [
        ...problems.slice(0, 5).map(({ route }) => `The route ${route} ${problem}.`),
        '1 more route is not as deployed. See the log of posture-control.',
        expect.stringMatching(/^The routes were last checked at .*, and not every hour\.$/),
      ],
    });
    expect((await posture(['status'], environmentOf(account))).stdout).toMatch(/^routes +144 of 150 as deployed, at /m);
  });

  it('shows the newest seal, and asks for attention if the archive is not sealed', async () => {
    const { account, dynamo } = await centralAccount();
    await putPolicy(dynamo, freshPolicy);
    expect((await posture(['status'], environmentOf(account))).stdout).toMatch(/^seals +not sealed yet$/m);
    const newest = { number: 412, sealedAt: '2026-11-24T12:20:05.000Z', hash: 'f'.repeat(64) };
    await putSealed(dynamo, tables.coordination, { at: ago(10).toISOString(), ...newest });
    const { code, stdout } = await posture(['status'], environmentOf(account));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^seals +412, the newest of 2026-11-24 12:20:05Z \(hash f{16}\); the archive was last looked at 2/m);
    await putSealed(dynamo, tables.coordination, { at: ago(200).toISOString(), ...newest, gap: 'Batch 7 is missing.' });
    const late = await posture(['status', '--json'], environmentOf(account));
    expect([late.code, JSON.parse(late.stdout).attention]).toEqual([
      2,
      [
        'The archive can not be sealed: Batch 7 is missing. See `posture log verify`.',
        expect.stringMatching(/^The archive was last looked at to be sealed at .*, and not every hour\.$/),
      ],
    ]);
  });

  it('shows the last drills, and asks for attention if AWS would not permit a response in full', async () => {
    const { account, dynamo } = await centralAccount();
    await putPolicy(dynamo, freshPolicy);
    expect((await posture(['status'], environmentOf(account))).stdout).toMatch(/^drills +none: `posture drill <response> <account>`$/m);
    const drill = { account: '111122223333', region: 'eu-west-1', requestedBy: operator, allowed: 30, unknown: 0, checks: [] };
    const at = ago(30).toISOString();
    await putDrill(dynamo, tables.coordination, { ...drill, rule: 's3-bucket-locked', at, denied: 0 }, systemClock);
    await putDrill(dynamo, tables.coordination, { ...drill, rule: 'ec2-instance-isolated', at, denied: 1 }, systemClock);
    const { code, stdout } = await posture(['status'], environmentOf(account));
    expect(code).toBe(2);
    expect(stdout).toMatch(/^drills +2 responses drilled, and 1 not permitted in full$/m);
    expect(stdout).toMatch(/^ {2}ec2-instance-isolated +111122223333 eu-west-1 +\S+ \S+ +30 +1 +0 *$/m);
    expect(stdout).toContain('1 drill found a response that AWS would not permit in full: `posture drill <response> <account>`.');
  });

  it('shows what is stopped, open, waiting, deferred, failed and dead, with a bounded number of reads, and ends with 2', async () => {
    const { account, dynamo, sqs } = await centralAccount();
    await putPolicy(dynamo, {
      ...freshPolicy,
      modes: { default: 'fix', clauses: [{ mode: 'off', rules: ['s3-*'], accounts: ['111122223333'] }] },
      deadlines: [{ hours: 72, action: 'escalate' }],
    });
    await putStop(dynamo, tables.orders, 'all', { by: operator, at: ago(5).toISOString(), why: 'An incident' }, systemClock);
    await openBreaker(dynamo, tables.orders, { rule: 's3-bucket-tls-required', why: 'its counter differs' }, systemClock);
    const expires = new Date(Date.now() + 3_600_000).toISOString();
    // The second one was approved meanwhile, the third one was superseded by the fourth.
    for (const [index, bucket] of ['a', 'b', 'c', 'c'].entries()) {
      const resource = `arn:aws:s3:::${bucket}`;
      const at = ago(60 - index);
      await journalOf(dynamo, idOf(index), resource, at).write(
        said('approval-requested', 'awaiting-approval', { plan: 'f'.repeat(64), until: expires }),
      );
      const ask = { remediation: idOf(index), hash: 'f'.repeat(64), at: at.toISOString(), expires, message: message(resource) };
      await putAsk(dynamo, tables.coordination, { rule, resource: leaseOf(resource), ask });
    }
    const approval = { by: operator, at: ago(1).toISOString(), why: 'Fine', hash: 'f'.repeat(64), expires };
    await putApproval(dynamo, tables.orders, { rule, remediation: idOf(1) }, approval);
    const open = dynamoOpenRemediations(dynamo, tables.coordination, systemClock);
    for (const [index, since] of [ago(90), ago(1)].entries())
      await open.put({
        rule,
        resource: `arn:aws:s3:::open-${index}`,
        remediation: idOf(10 + index),
        detectedBy: 'S3.14',
        since: since.toISOString(),
        message: message('x'),
      });
    for (let index = 0; index < 60; index += 1) {
      const journal = journalOf(dynamo, idOf(100 + index), `arn:aws:s3:::late-${index}`, ago(200 - index));
      await journal.write(said('deferred', 'deferred', { until: expires }));
      if (index >= 50) await journal.write(said('verified', 'fixed'));
    }
    const due = (index: number, resource: string, hoursFromNow: number) =>
      journalOf(dynamo, idOf(index), resource, ago(2000)).write(
        said('observed', 'observed', { owner: 'web-team', deadline: { at: ago(-60 * hoursFromNow).toISOString(), action: 'escalate' } }),
      );
    await due(30, 'arn:aws:s3:::missed', -1);
    await due(31, 'arn:aws:s3:::soon', 20);
    await due(32, 'arn:aws:s3:::later', 30);
    await due(33, 'arn:aws:s3:::ended', -2);
    await journalOf(dynamo, idOf(34), 'arn:aws:s3:::ended', ago(10)).write(said('verified', 'fixed'));
    await due(35, 'arn:aws:s3:::put-off', -3);
    await journalOf(dynamo, idOf(36), 'arn:aws:s3:::put-off', ago(10)).write(said('observed', 'observed'));
    await journalOf(dynamo, idOf(20), 'arn:aws:s3:::bad', ago(30)).write(said('failed', 'failed'));
    await journalOf(dynamo, idOf(21), 'arn:aws:s3:::long-ago', ago(3000)).write(said('failed', 'failed'));
    await alarm(account, 'posture-not-sealed', 'ALARM');
    await alarm(account, 'posture-archive-behind', 'OK');
    await alarm(account, 'of-others', 'ALARM');
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'posture-failed' }));
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{}' }));

    const before = emulator.gateway.calls.length;
    const { code, stdout } = await posture(['status', '--json'], environmentOf(account));
    const calls = emulator.gateway.calls.slice(before).filter((call) => call.account === account.account);
    expect(calls.length).toBeLessThanOrEqual(90);
    expect(calls.map(({ operation }) => operation)).not.toContain('Scan');
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      version: '1',
      stop: { by: operator, why: 'An incident' },
      policy: { version: '7', hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      modes: { off: 0, depends: expect.any(Number) },
      breakers: [{ rule: 's3-bucket-tls-required', why: 'its counter differs' }],
      approvals: {
        plans: [
          { remediation: `${rule}/${idOf(0)}`, resource: 'arn:aws:s3:::a', plan: 'f'.repeat(64), until: expires },
          { remediation: `${rule}/${idOf(3)}`, resource: 'arn:aws:s3:::c' },
        ],
        isMore: false,
      },
      open: { listed: [{ remediation: `${rule}/${idOf(10)}` }, { remediation: `${rule}/${idOf(11)}` }] },
      deadlines: {
        missed: [{ remediation: `${rule}/${idOf(30)}`, resource: 'arn:aws:s3:::missed', owner: 'web-team', outcome: 'observed' }],
        soon: [{ remediation: `${rule}/${idOf(31)}`, resource: 'arn:aws:s3:::soon' }],
        isMore: false,
      },
      // The last thirty were looked at, of which ten are fixed.
      deferred: { count: 20, next: expires, isMore: true },
      failed: { count: 1, byOutcome: { failed: 1 }, isMore: false },
      deadLetters: { 'posture-undelivered': 0, 'posture-failed': 1 },
      alarms: [{ name: 'posture-not-sealed', runbook: 'Runbook: docs/operate.md#posture-not-sealed' }],
      attention: [
        expect.stringContaining('All changes are stopped'),
        expect.stringMatching(/^1 circuit breaker is open/),
        expect.stringMatching(/^2 plans wait for an approval/),
        expect.stringMatching(/^1 remediation is half done/),
        expect.stringMatching(/^1 misconfiguration has missed its deadline/),
        expect.stringMatching(/^1 deadline ends within a day/),
        expect.stringMatching(/^1 remediation failed/),
        'The alarm posture-not-sealed is on. Runbook: docs/operate.md#posture-not-sealed',
        expect.stringContaining('dead-letter queues: 1'),
      ],
      unread: [],
    });
    const { stdout: text } = await posture(['status'], environmentOf(account));
    expect(text).toMatch(/^changes +stopped by arn:aws:iam::111122223333:user\/alice since \S+ \S+Z: An incident$/m);
    expect(text).toMatch(/^approvals +2 wait, the oldest since /m);
    expect(text).toMatch(/^deadlines +1 missed, 1 within a day\n.*\n.*missed .*web-team .*escalate/m);
    expect(text).toMatch(/^deferred +at least 20; the next retry is at /m);
    expect(text).toMatch(/^alarms +1 on\n.*\n.*posture-not-sealed .*docs\/operate.md/m);
    expect(text).not.toContain('Nothing needs attention');
  });

  it('shows who published the policy, as far as the control function could identify them', async () => {
    const { account, dynamo } = await centralAccount();
    await putPolicy(dynamo, freshPolicy);
    const log = dynamoLog(dynamo, 'posture-log', { by: 'control', rule: 'posture' });
    const journal = openJournal(log, systemClock, {
      ...{ remediation: idOf(1), rule: 'posture', version: '1', finding: 'none', source: 'control', detectedBy: 'none', partition: 'aws' },
      ...{ account: account.account, region: 'eu-west-1', resource: `AWS::::Account:${account.account}`, resourceType: 'AWS::::Account' },
    });
    await journal.write({ kind: 'policy-published', reason: 'Version 7 of the policy is in force: less noise.', actor: 'unknown' });
    expect((await posture(['status'], environmentOf(account))).stdout).toMatch(/^policy +version 7 .*: less noise\.$/m);
    await journal.write({ kind: 'publisher-identified', reason: 'By CloudTrail.', actor: operator });
    const { stdout } = await posture(['status', '--json'], environmentOf(account));
    expect(JSON.parse(stdout)).toMatchObject({ policy: { published: { by: operator, remediation: idOf(1) } } });
  });

  it('needs attention where no policy is known, and ends with 1 where a part could not be read, with the others', async () => {
    const account = await emulator.account();
    await createTables(account);
    const { code, stdout, stderr } = await posture(['status'], environmentOf(account));
    expect(code).toBe(1);
    expect(stdout).toMatch(/^policy +The copy of the policy was never checked\.$/m);
    expect(stdout).toContain('There is no valid policy in force that is known.');
    expect(stdout).toMatch(/^breakers +none is open$/m);
    expect(stderr).toMatch(/^not read {2}the dead-letter queues: /m);
    const nowhere = await posture(['status', '--region', 'eu-north-1'], environmentOf(account));
    expect(nowhere).toMatchObject({ code: 1, stderr: expect.stringMatching(/table posture-\w+ does not exist/) });
  });
});

async function alarm(account: Account, AlarmName: string, StateValue: StateValue): Promise<void> {
  const cloudWatch = account.client(CloudWatchClient);
  await cloudWatch.send(
    new PutMetricAlarmCommand({
      ...{ AlarmName, AlarmDescription: `Runbook: docs/operate.md#${AlarmName}`, Namespace: 'Posture', MetricName: 'Seals' },
      ...{ Statistic: 'Sum', Period: 300, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'LessThanThreshold' },
    }),
  );
  await cloudWatch.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: 'A test' }));
}

it('the publication of one policy is not told of another one', () => {
  const reason = 'Version 2 of the policy is in force: the owner agreed.';
  expect([isOf({ reason }, { version: '2' }), isOf({ reason }, { version: '20' }), isOf({ reason }, {})]).toEqual([true, false, false]);
  expect(isOf({ reason: 'A policy without a known version is in force.' }, {})).toBe(true);
});
