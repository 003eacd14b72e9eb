import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { loadRules } from '../../functions/catalogue/catalogue';
import { putHold, removeHold } from '../../functions/coordination/hold';
import { leaseKey } from '../../functions/coordination/lease-key';
import { days } from '../../functions/duration';
import type { EventInput } from '../../functions/log/event';
import { openJournal } from '../../functions/log/journal';
import { dynamoLog } from '../../functions/log/log';
import { policy } from '../../functions/policy/policy';
import type { Rule } from '../../rules/rule';
import { useEmulator } from '../emulator/use';
import { createTables, environmentOf } from './central';
import { putPolicy } from './policy-copy';
import { usePosture } from './posture';

const emulator = useEmulator();
const posture = usePosture();
const rule = 's3-bucket-versioning-enabled';
const versioning = loadRules().find((entry) => entry.rule.id === rule)?.rule as Rule;
const operator = 'arn:aws:iam::111122223333:user/alice';
const place = { account: '111122223333', region: 'eu-west-1' };
const idOf = (index: number) => `01K6Z3NDEKTSV4RRFFQ69G${String(index).padStart(4, '0')}`;
const inDays = (count: number) => new Date(Date.now() + days(count)).toISOString();
const leaseOf = (arn: string) => leaseKey(versioning, { type: 'AWS::S3::Bucket', arn, id: '', partition: 'aws', ...place });

it('posture exemptions lists the policy, tags, suppressions, rejections and rollbacks, with owner, reason, end and last hit', async () => {
  const account = await emulator.account();
  await createTables(account);
  const env = environmentOf(account);
  const dynamo = account.client(DynamoDBClient);
  const exemptions = [
    { reason: 'Legacy -> gone soon', owner: 'web', expires: '2199-01-31', rules: ['s3-*'], resources: ['arn:aws:s3:::a'] },
    { reason: 'Forgotten', owner: 'data', expires: '2199-01-31' },
    { reason: 'Old', owner: 'web', expires: '2020-01-31' },
  ];
  let made = 0;
  const log = async (
    bucket: string,
    hoursAgo: number,
    event: Pick<EventInput, 'kind' | 'outcome'> & Partial<EventInput>,
    by: 'rule' | 'control' = 'rule',
  ) => {
    const clock = { now: () => new Date(Date.now() - hoursAgo * 3_600_000), sleep: async () => {} };
    made += 1;
    const journal = openJournal(dynamoLog(dynamo, 'posture-log', { by, rule }), clock, {
      ...{
        remediation: idOf(made),
        rule,
        version: '1',
        finding: `finding ${made}`,
        source: 'config',
        detectedBy: 'c',
        partition: 'aws',
        ...place,
      },
      ...{ resource: `arn:aws:s3:::${bucket}`, resourceType: 'AWS::S3::Bucket' },
    });
    await journal.write({ reason: 'Because.', actor: 'role', ...event });
  };
  const hold = (bucket: string, why: string, until = inDays(30)) =>
    putHold(dynamo, 'posture-orders', {
      rule,
      resource: leaseOf(`arn:aws:s3:::${bucket}`),
      attribution: { by: operator, at: inDays(0), why },
      until,
    });

  await putPolicy(dynamo, policy.parse({ exemptions }));
  const byPolicy = 'exemption: exemptions[7] of web (Legacy → gone soon) applies until 2199-01-31 -> skip';
  await log('a', 5, { kind: 'skipped', outcome: 'exempt', decision: [byPolicy] });
  await log('a', 2, { kind: 'skipped', outcome: 'exempt', decision: ['exemption: not exempt; no tag', byPolicy] });
  await log('t', 3, {
    kind: 'skipped',
    outcome: 'exempt',
    decision: ['exemption: the tag posture:exempt names this rule until 2199-02-01 -> skip'],
    until: '2199-02-02T00:00:00.000Z',
  });
  await log('s', 4, {
    kind: 'skipped',
    outcome: 'suppressed',
    decision: ['suppression: the finding is SUPPRESSED in Security Hub -> skip'],
  });
  await log('r', 6, { kind: 'rejected', outcome: 'rejected' }, 'control');
  await hold('r', 'rejected: Not now');
  await log('b', 6, { kind: 'rolled-back', outcome: 'rolled-back' });
  await hold('b', 'rollback of remediation X: It broke the site');
  await log('b', 1, {
    kind: 'skipped',
    outcome: 'exempt',
    decision: [`exemption: after a rollback by ${operator} (…), until 2199 -> skip`],
  });
  await log('free', 6, { kind: 'rejected', outcome: 'rejected' }, 'control');
  await hold('free', 'rejected: No');
  await removeHold(dynamo, 'posture-orders', rule, leaseOf('arn:aws:s3:::free'));
  await log('past', 6, { kind: 'rejected', outcome: 'rejected' }, 'control');
  await hold('past', 'rejected: Long ago', inDays(-1));

  const before = emulator.gateway.calls.length;
  const { code, stdout } = await posture(['exemptions', '--json'], env);
  expect(emulator.gateway.calls.slice(before).map(({ operation }) => operation)).not.toContain('Scan');
  expect(code).toBe(0);
  const listed = JSON.parse(stdout) as { exemptions: Record<string, string>[]; isMore: boolean };
  const of = (bucket: string) => ({ rule, ...place, resource: `arn:aws:s3:::${bucket}` });
  const recently = (hoursAgo: number) =>
    expect.stringMatching(new RegExp(`^${new Date(Date.now() - hoursAgo * 3_600_000).toISOString().slice(0, 13)}`));
  const expires = expect.any(String);
  expect(listed.isMore).toBe(false);
  expect(listed.exemptions).toHaveLength(6);
  expect(listed.exemptions).toEqual(
    expect.arrayContaining([
      {
        ...{
          kind: 'policy',
          scope: 'rules s3-*; resources arn:aws:s3:::a',
          owner: 'web',
          reason: 'Legacy -> gone soon',
          state: 'in-force',
        },
        ...{ expires: '2199-02-01T00:00:00.000Z', lastHit: recently(2) },
      },
      { kind: 'policy', scope: 'everything', owner: 'data', reason: 'Forgotten', expires, state: 'in-force' },
      {
        ...of('t'),
        kind: 'tag',
        reason: expect.stringContaining('names this rule'),
        expires: '2199-02-02T00:00:00.000Z',
        state: 'seen',
        lastHit: recently(3),
      },
      { ...of('s'), kind: 'suppression', reason: 'the finding is SUPPRESSED in Security Hub', state: 'seen', lastHit: recently(4) },
      { ...of('r'), kind: 'rejection', owner: operator, reason: 'rejected: Not now', expires, state: 'in-force' },
      {
        ...of('b'),
        kind: 'rollback',
        owner: operator,
        reason: expect.stringContaining('It broke the site'),
        expires,
        state: 'in-force',
        lastHit: recently(1),
      },
    ]),
  );
  const { stdout: all } = await posture(['exemptions', '--expired'], env);
  expect(all).toMatch(/^policy \(expired\) +everything +web +2020-02-01 00:00:00Z +none +Old$/m);
  expect(all).toMatch(/^rejection \(expired\) /m);
});

it('posture exemptions says that the policy is not known, where it is not', async () => {
  const account = await emulator.account();
  await createTables(account);
  expect(await posture(['exemptions'], environmentOf(account))).toMatchObject({
    code: 1,
    stderr: 'The policy in force is not known: The copy of the policy was never checked.\n',
  });
});
