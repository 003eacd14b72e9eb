import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { EventInput } from '../../functions/log/event';
import { openJournal } from '../../functions/log/journal';
import { dynamoLog } from '../../functions/log/log';
import { freshPolicy } from '../../functions/policy/policy';
import { useEmulator } from '../emulator/use';
import { controlFinding } from '../events/security-hub';
import { createTables, environmentOf } from './central';
import { putPolicy } from './policy-copy';
import { usePosture } from './posture';

const emulator = useEmulator();
const posture = usePosture();
const rule = 's3-bucket-versioning-enabled';
const hours = (count: number) => new Date(Date.now() - count * 3_600_000);
let made = 0;

async function central() {
  const account = await emulator.account();
  await createTables(account);
  const dynamo = account.client(DynamoDBClient);
  await putPolicy(dynamo, freshPolicy);
  const report = (bucket: string, evaluated: Date = hours(5), change: object = {}) => {
    const resource = { type: 'AwsS3Bucket', arn: `arn:aws:s3:::${bucket}` };
    const updatedAt = evaluated.toISOString();
    const finding = {
      ...controlFinding({ control: 'S3.14', resource, account: account.account, firstObservedAt: updatedAt, updatedAt }),
      ...change,
    };
    emulator.gateway.securityHub.seed(account, finding as never);
    return finding.Id;
  };
  const log = async (finding: string, event: Partial<EventInput>, at = hours(1), by: 'rule' | 'control' = 'rule') => {
    made += 1;
    const journal = openJournal(
      dynamoLog(dynamo, 'posture-log', { by, rule }),
      { now: () => at, sleep: async () => {} },
      {
        ...{
          remediation: `01K6Z3NDEKTSV4RRFFQ69G${String(made).padStart(4, '0')}`,
          rule,
          version: '1',
          finding,
          source: 'security-hub',
          detectedBy: 'S3.14',
        },
        ...{
          partition: 'aws',
          account: account.account,
          region: 'eu-west-1',
          resource: 'arn:aws:s3:::any',
          resourceType: 'AWS::S3::Bucket',
        },
      },
    );
    await journal.write({ kind: 'skipped', reason: 'Because.', actor: 'role', ...event });
  };
  return { account, report, log, run: (...args: string[]) => posture(['coverage', ...args], environmentOf(account)) };
}

describe('posture coverage', () => {
  it('says of each open finding what the log does, and ends with 2 where it says nothing', async () => {
    const { account, report, log, run } = await central();
    report('nothing');
    report('just-now', hours(0.2));
    const outcomes = {
      observed: 'observed',
      failed: 'failed',
      'awaiting-approval': 'waiting',
      deferred: 'waiting',
      unfixable: 'refused',
      exempt: 'exempt',
      fixed: 'settling',
      disputed: 'disputed',
    } as const;
    for (const outcome of Object.keys(outcomes) as (keyof typeof outcomes)[]) await log(report(`is-${outcome}`), { outcome });
    await log(report('planned'), { kind: 'planned' });
    // What was right before the detector looked again is not heard, nor what anybody else wrote.
    await log(report('again', hours(2)), { outcome: 'fixed' }, hours(90));
    await log(report('of-others'), { kind: 'rejected', outcome: 'rejected' }, hours(1), 'control');
    const [of] = [
      report('other-product', hours(5), {
        ProductArn: `arn:aws:securityhub:eu-west-1:${account.account}:product/${account.account}/default`,
      }),
    ];
    emulator.gateway.configRules.deploy(account, {
      ...{ name: 'Acme-versioning', owner: 'AWS', identifier: 'S3_BUCKET_VERSIONING_ENABLED' },
      noncompliant: [{ type: 'AWS::S3::Bucket', id: 'by-config', recordedAt: hours(3).getTime() / 1000 }],
    });

    const { code, stdout, stderr } = await run('--rule', rule, '--json');
    expect([code, stderr]).toEqual([2, '']);
    const { version, counts, findings } = JSON.parse(stdout) as { version: string; counts: object; findings: Record<string, string>[] };
    const statuses = Object.fromEntries(findings.map(({ resource = '', status }) => [resource.replace('arn:aws:s3:::', ''), status]));
    const named = Object.entries(outcomes).map(([outcome, status]) => [`is-${outcome}`, status]);
    expect(version).toBe('1');
    expect(statuses).toMatchObject({
      ...Object.fromEntries(named),
      ...{
        nothing: 'not-received',
        'just-now': 'on-its-way',
        planned: 'waiting',
        again: 'not-received',
        'of-others': 'not-received',
        'by-config': 'not-received',
      },
    });
    expect(findings.find(({ finding }) => finding === of)).toMatchObject({
      status: 'refused',
      reason: expect.stringContaining('untrusted-product'),
    });
    expect(counts).toMatchObject({ 'not-received': 4, waiting: 3, refused: 2, exempt: 1, failed: 1, settling: 1, 'on-its-way': 1 });
    const table = await run('--rule', rule, '--status', 'failed');
    expect(table.stdout).toMatch(
      new RegExp(`^failed +failed +${rule} +S3\\.14 +${account.account} +arn:aws:s3:::is-failed +Because\\.$`, 'm'),
    );
    expect(table.stdout).toMatch(/^ +4 not-received: the log has nothing about it since it was detected$/m);
    expect(table.stdout).not.toContain('arn:aws:s3:::nothing');
  });

  it('says which source could not be read, and ends with 1', async () => {
    const { account, run } = await central();
    const fault = emulator.gateway.fail({ account: account.account, operation: 'GetFindings', as: 'access-denied', times: 100 });
    expect(await run('--rule', rule)).toMatchObject({
      ...{ code: 1, stdout: expect.stringContaining('No finding is open') },
      stderr: expect.stringMatching(/^not read {2}Security Hub: /),
    });
    fault.cancel();
  });
});
