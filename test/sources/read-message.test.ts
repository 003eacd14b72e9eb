import { type RetryMessage, retryMessage } from '../../functions/findings/retry-message';
import { readEvent } from '../../functions/sources/read-event';
import { readMessage } from '../../functions/sources/read-message';
import { configComplianceChange } from '../events/config';
import { securityHubImported } from '../events/security-hub';
import { badBucket } from '../guardrails/bucket';
import { plantedRule, useCentral } from '../guardrails/central';
import { kinds, sought, versioning } from './sought';

const account = '111122223333';
const bucket = { type: 'AWS::S3::Bucket', arn: 'arn:aws:s3:::records' };

const messageOf = (rule: Parameters<typeof readEvent>[0], event: unknown): RetryMessage => {
  const [finding] = readEvent(rule, event, { centralAccount: account }).findings;
  if (!finding) throw new Error('The event has no finding.');
  return retryMessage({ finding, number: 0 });
};

const fromSecurityHub = () => messageOf(versioning, securityHubImported({ control: 'S3.14', resource: bucket, account }));
const fromConfig = (resourceId = 'records') =>
  messageOf(
    versioning,
    configComplianceChange({ rule: 's3-bucket-versioning-enabled', resourceType: 'AWS::S3::Bucket', resourceId, account }),
  );
const fromControl = (): RetryMessage => {
  const { securityHub: _, ...finding } = fromSecurityHub().finding;
  return { finding: { ...finding, source: 'control', id: 'requested by alice at noon: für immer' }, number: 0, requestedBy: 'alice' };
};

const changed = (message: RetryMessage, change: object): unknown => ({ ...message, finding: { ...message.finding, ...change } });

describe('a message with a finding', () => {
  it.each([
    ['Security Hub', fromSecurityHub],
    ['AWS Config', fromConfig],
    ['AWS Config, by ARN', () => fromConfig(bucket.arn)],
    ['the control function', fromControl],
  ])('of %s is read as it was written', (_, make) => {
    const message = { ...make(), number: 3, remediation: '01K6Z3NDEKTSV4RRFFQ69G5FAV' };
    const read = readMessage(versioning, JSON.parse(JSON.stringify(message)));
    if (!read || 'refusal' in read) throw new Error(JSON.stringify(read));
    expect(retryMessage(read)).toEqual(message);
  });

  it('is not what an event of EventBridge is', () => {
    expect(readMessage(versioning, securityHubImported({ control: 'S3.14', resource: bucket, account }))).toBeUndefined();
    expect(readMessage(versioning, { rollback: '01K6Z3NDEKTSV4RRFFQ69G5FAV' })).toBeUndefined();
  });

  it.each<[string, () => unknown, string]>([
    ['an unknown Region', () => changed(fromSecurityHub(), { region: 'eu-west-1.evil.example' }), 'malformed-event'],
    ['a Region of another partition', () => changed(fromSecurityHub(), { region: 'cn-north-1' }), 'contradictory-event'],
    ['another partition', () => changed(fromSecurityHub(), { partition: 'aws-cn' }), 'contradictory-event'],
    ['the account of another finding', () => changed(fromSecurityHub(), { account: '999988887777' }), 'contradictory-event'],
    ['the Region of another finding', () => changed(fromSecurityHub(), { region: 'eu-west-2' }), 'contradictory-event'],
    ['no account', () => changed(fromSecurityHub(), { account: '*' }), 'malformed-event'],
    ['an id that is no finding', () => changed(fromSecurityHub(), { id: 'mine' }), 'contradictory-event'],
    [
      'a finding of another product',
      () =>
        changed(fromSecurityHub(), {
          securityHub: { id: fromSecurityHub().finding.id, productArn: 'arn:aws:securityhub:eu-west-1:1:product/x/y' },
        }),
      'contradictory-event',
    ],
    [
      'another finding to resolve',
      () =>
        changed(fromSecurityHub(), {
          securityHub: { ...fromSecurityHub().finding.securityHub, id: 'arn:aws:securityhub:eu-west-1:111122223333:x/finding/y' },
        }),
      'contradictory-event',
    ],
    [
      'an ARN of another partition',
      () => changed(fromSecurityHub(), { resource: { type: 'AWS::S3::Bucket', reported: { arn: 'arn:aws-cn:s3:::a' } } }),
      'contradictory-event',
    ],
    [
      'half a character in its id',
      () => changed(fromConfig(), { resource: { type: 'AWS::S3::Bucket', reported: { configId: 'a\ud83d' } } }),
      'invalid-resource-id',
    ],
    [
      'another resource than its id',
      () => changed(fromConfig(), { resource: { type: 'AWS::S3::Bucket', reported: { configId: 'other' } } }),
      'contradictory-event',
    ],
    [
      'another resource type',
      () => changed(fromSecurityHub(), { resource: { type: 'AWS::IAM::User', reported: { arn: bucket.arn } } }),
      'other-resource-type',
    ],
    ['another control', () => changed(fromSecurityHub(), { detectedBy: 'S3.1' }), 'other-control'],
    ['a control as the Config rule', () => changed(fromConfig(), { detectedBy: 'S3.14' }), 'other-config-rule'],
    [
      'a finding to resolve that nobody has',
      () => changed(fromControl(), { securityHub: { id: 'a', productArn: 'b' } }),
      'contradictory-event',
    ],
    ['a field that no message has', () => ({ ...fromSecurityHub(), approved: true }), 'malformed-event'],
    ['a time that is none', () => changed(fromSecurityHub(), { sentAt: 'soon' }), 'malformed-event'],
    ['a number that is none', () => ({ ...fromSecurityHub(), number: -1 }), 'malformed-event'],
    ['no finding', () => ({ finding: null }), 'malformed-event'],
  ])('is refused with %s', (_, make, code) => {
    const read = readMessage(versioning, make());
    expect(read).toMatchObject({ refusal: { kind: 'invalid', code } });
    // The sentence is ours, not that of the library.
    expect(JSON.stringify(read)).not.toMatch(/Invalid input|Unrecognized|expected string|Too (small|big)/);
  });

  it('is refused where the ARN has the place of another account or Region', () => {
    const rule = sought(kinds.securityGroup, ['EC2.18']);
    const arn = `arn:aws:ec2:eu-west-1:${account}:security-group/sg-0123456789abcdef0`;
    const message = messageOf(
      rule,
      securityHubImported({ control: 'EC2.18', resource: { type: 'AWS::EC2::SecurityGroup', arn }, account }),
    );
    for (const [from, to] of [
      ['eu-west-1', 'eu-west-2'],
      [account, '999988887777'],
    ] as const) {
      const elsewhere = changed(message, { resource: { type: 'AWS::EC2::SecurityGroup', reported: { arn: arn.replace(from, to) } } });
      expect(readMessage(rule, elsewhere)).toMatchObject({ refusal: { code: 'contradictory-event' } });
    }
  });
});

const { open } = useCentral();

it('a message that is refused makes no AWS call, and counts as an invalid event', async () => {
  const central = await open();
  await central.deploy({ modes: { default: 'fix' } });
  const name = await badBucket(central.account);
  const message = messageOf(plantedRule, central.finding(name));
  central.emulator.gateway.clear();
  const forged = changed(message, { account: '999988887777' });
  expect(await central.send(forged)).toMatchObject({ results: [], refusals: [{ kind: 'invalid', code: 'contradictory-event' }] });
  expect(central.emulator.gateway.calls).toEqual([]);
  expect(central.metrics().some(({ InvalidEvents }) => InvalidEvents === 1)).toBe(true);
});

it.each(['activity', 'stated', 'change'])('claims no time of %s from a source that does not know it', (as) => {
  const occurrence = { as, at: '2026-01-01T00:00:00Z', ...(as === 'change' && { call: 'CreateBucket' }) };
  expect(readMessage(versioning, changed(fromSecurityHub(), { occurrence }))).toMatchObject({
    refusal: { code: 'contradictory-event', reason: expect.stringContaining('message.finding.occurrence.as') },
  });
});
