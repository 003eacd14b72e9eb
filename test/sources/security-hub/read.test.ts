import { readEvent } from '../../../functions/sources/read-event';
import { home, resources } from '../../events/resources';
import { type ControlFinding, controlFinding, importedEvent, securityHubImported } from '../../events/security-hub';
import cis from '../../events/security-hub-imported-cis.json';
import consolidated from '../../events/security-hub-imported-consolidated.json';
import standard from '../../events/security-hub-imported-standard.json';
import ownUpdate from '../../events/security-hub-own-update.json';
import { kinds, type Sought, sought, versioning } from '../sought';

const bucket = resources().bucket;
const fault = (changes: Partial<ControlFinding> = {}) => securityHubImported({ control: 'S3.14', resource: bucket, ...changes });
const read = (event: unknown, rule: Sought = versioning, scope = {}) => readEvent(rule, event, scope);
const only = (kind: string, code: string, reason: RegExp) => ({
  findings: [],
  refusals: [expect.objectContaining({ kind, code, reason: expect.stringMatching(reason) })],
});

describe('a recorded event', () => {
  test('of consolidated control findings is a finding', () => {
    const id = consolidated.detail.findings[0]?.Id;
    expect(read(consolidated)).toEqual({
      findings: [
        {
          ...home,
          id,
          source: 'security-hub',
          detectedBy: 'S3.14',
          resource: { kind: kinds.bucket, reported: { arn: 'arn:aws:s3:::invoices-111122223333' } },
          detectedAt: '2026-03-01T09:30:04.217Z',
          sentAt: '2026-03-01T09:30:41.000Z',
          securityHub: { id, productArn: 'arn:aws:securityhub:eu-west-1::product/aws/securityhub' },
        },
      ],
      refusals: [],
    });
  });

  test('from before controls had one id, about an IAM user with a path, is a finding', () => {
    const { findings, refusals } = read(standard, sought(kinds.user, ['IAM.8']));
    expect(refusals).toEqual([]);
    expect(findings).toEqual([
      expect.objectContaining({
        detectedBy: 'IAM.8',
        region: 'us-east-1',
        resource: { kind: kinds.user, reported: { arn: 'arn:aws:iam::111122223333:user/finance/emea/jane.doe' } },
        detectedAt: '2022-02-16T21:55:58.862Z',
      }),
    ]);
  });

  test('of CIS in GovCloud, about a key that was right before, is a fault since this update', () => {
    const { findings, refusals } = read(cis, sought(kinds.key, ['KMS.4']));
    expect(refusals).toEqual([]);
    expect(findings).toEqual([
      expect.objectContaining({
        partition: 'aws-us-gov',
        region: 'us-gov-west-1',
        detectedBy: 'KMS.4',
        detectedAt: '2026-03-01T10:02:07.700Z',
      }),
    ]);
  });

  test('of our own update is ignored', () => {
    expect(read(ownUpdate)).toEqual(only('ignored', 'workflow-status', /workflow status is "RESOLVED"/));
  });
});

test.each(Object.keys(kinds) as (keyof typeof kinds)[])('a %s is recognised by the type and the ARN that Security Hub gives', (name) => {
  const resource = resources()[name];
  expect(read(fault({ resource }), sought(kinds[name]))).toEqual({
    findings: [expect.objectContaining({ resource: { kind: kinds[name], reported: { arn: resource.arn } } })],
    refusals: [],
  });
});

test.each([
  ['consolidated', {}],
  ['of the best practices of AWS', { consolidated: false }],
  ['of the best practices of AWS, without the id of the control', { consolidated: false, withoutSecurityControlId: true }],
  ['of NIST', { consolidated: false, standard: 'nist-800-53/v/5.0.0' }],
  ['of Control Tower', { consolidated: false, standard: 'service-managed-aws-control-tower/v/1.0.0' }],
  ['of CIS 1.2', { consolidated: false, standard: 'cis-aws-foundations-benchmark/v/1.2.0', numberInStandard: '2.6' }],
  ['of CIS 1.4', { consolidated: false, standard: 'cis-aws-foundations-benchmark/v/1.4.0', numberInStandard: '2.1.3' }],
  ['of PCI', { consolidated: false, standard: 'pci-dss/v/3.2.1', numberInStandard: 'PCI.S3.2' }],
  [
    'of China',
    {
      partition: 'aws-cn',
      region: 'cn-northwest-1',
      resource: resources({ ...home, partition: 'aws-cn', region: 'cn-northwest-1' }).bucket,
    },
  ],
  ['already notified', { workflow: 'NOTIFIED' }],
] as const)('a finding %s is acted upon', (_, changes) => {
  expect(read(fault(changes as Partial<ControlFinding>))).toEqual({
    findings: [expect.objectContaining({ detectedBy: 'S3.14' })],
    refusals: [],
  });
});

test.each([
  ['of another control', 'other-control', { control: 'S3.2' }, /control of the finding is "S3.2"\. This rule remediates S3\.14\./],
  [
    'of no control',
    'other-control',
    { consolidated: false, standard: 'pci-dss/v/3.2.1', numberInStandard: 'PCI.S3.1', withoutSecurityControlId: true },
    /is missing\. This rule remediates S3\.14\./,
  ],
  [
    'about another type',
    'other-resource-type',
    { resource: resources().key },
    /resource type of the finding is "AwsKmsKey", not AWS::S3::Bucket/,
  ],
  ['archived', 'not-active', { recordState: 'ARCHIVED' }, /"ARCHIVED", not ACTIVE/],
  ['passed', 'not-failed', { status: 'PASSED' }, /"PASSED", not FAILED/],
  ['not evaluated', 'not-failed', { status: 'NOT_AVAILABLE' }, /"NOT_AVAILABLE", not FAILED/],
  ['only a warning', 'not-failed', { status: 'WARNING' }, /"WARNING", not FAILED/],
  ['suppressed', 'workflow-status', { workflow: 'SUPPRESSED' }, /"SUPPRESSED"\. Only findings with the status NEW or NOTIFIED/],
  ['resolved', 'workflow-status', { workflow: 'RESOLVED' }, /"RESOLVED"\. Only findings with the status NEW or NOTIFIED/],
] as const)('a finding %s is ignored', (_, code, changes, reason) => {
  expect(read(fault(changes as Partial<ControlFinding>))).toEqual(only('ignored', code, reason));
});

describe('several resources in one finding', () => {
  const { databaseSnapshot, clusterSnapshot, databaseInstance } = resources();
  const rule = sought([kinds.databaseSnapshot, kinds.clusterSnapshot], ['RDS.1']);
  const about = (...resource: ControlFinding['resource'][]) => fault({ control: 'RDS.1', resource: resource.flat() });

  test('are a finding each, of the same id', () => {
    const { findings, refusals } = read(about(databaseSnapshot, clusterSnapshot), rule);
    expect(findings.map(({ resource }) => resource.kind.type)).toEqual(['AWS::RDS::DBSnapshot', 'AWS::RDS::DBClusterSnapshot']);
    expect(new Set(findings.map(({ id }) => id)).size).toBe(1);
    expect(refusals).toEqual([]);
  });

  test('are one where they are the same', () => {
    expect(read(about(databaseSnapshot, databaseSnapshot), rule)).toEqual({ findings: [expect.anything()], refusals: [] });
  });

  test('leave the finding to Security Hub: one fix does not resolve it', () => {
    expect(read(about(databaseSnapshot, clusterSnapshot), rule).findings.map(({ securityHub }) => securityHub)).toEqual([
      undefined,
      undefined,
    ]);
    expect(read(about(databaseInstance, databaseSnapshot), rule).findings[0]?.securityHub).toBeUndefined();
    expect(read(about(databaseSnapshot, databaseSnapshot), rule).findings[0]?.securityHub).toBeDefined();
  });

  test('of other types are left out', () => {
    expect(read(about(databaseInstance, databaseSnapshot), rule)).toEqual({
      findings: [expect.objectContaining({ resource: { kind: kinds.databaseSnapshot, reported: { arn: databaseSnapshot.arn } } })],
      refusals: [],
    });
  });

  test('are all refused where one is of another account', () => {
    const foreign = { ...clusterSnapshot, arn: clusterSnapshot.arn.replace(home.account, '999999999999') };
    expect(read(about(databaseSnapshot, foreign), rule)).toEqual(
      only(
        'invalid',
        'contradictory-event',
        /Resources\[1\]\.Id ".*999999999999.*" is of account 999999999999, eu-west-1, but the finding is of/,
      ),
    );
  });
});

describe('the time of the fault', () => {
  const times = { firstObservedAt: '2025-01-02T03:04:05.678Z', updatedAt: '2026-03-01T09:30:00.123Z' };

  test('is when it was first observed', () => {
    const made = { ...controlFinding({ control: 'S3.14', resource: bucket, ...times }), CreatedAt: '2025-02-03T04:05:06.789Z' };
    expect(read(importedEvent(made)).findings[0]?.detectedAt).toBe(times.firstObservedAt);
  });

  test('is when it came back, where the check before passed', () => {
    expect(read(fault({ ...times, previousStatus: 'PASSED' })).findings[0]?.detectedAt).toBe(times.updatedAt);
    expect(read(fault({ ...times, previousStatus: 'FAILED' })).findings[0]?.detectedAt).toBe(times.firstObservedAt);
  });

  test('is when the finding was made, where nothing was observed before', () => {
    const { FirstObservedAt, ...finding } = controlFinding({ control: 'S3.14', resource: bucket, ...times });
    expect(read(importedEvent({ ...finding, CreatedAt: '2024-01-01T00:00:00+01:00' } as never)).findings[0]?.detectedAt).toBe(
      '2023-12-31T23:00:00.000Z',
    );
    expect(FirstObservedAt).toBe(times.firstObservedAt);
  });
});

describe("Security Hub's delegated administrator", () => {
  const central = { account: '999988887777', region: 'us-east-1' };
  const event = securityHubImported({ control: 'S3.14', resource: bucket }, central);

  test('reports for other accounts and regions', () => {
    expect(read(event, versioning, { centralAccount: central.account }).findings).toEqual([expect.objectContaining(home)]);
  });

  test('reports for other regions of its own account', () => {
    const own = securityHubImported({ control: 'S3.14', resource: bucket }, { region: 'us-east-1' });
    expect(read(own, versioning, { centralAccount: home.account }).findings).toEqual([expect.objectContaining(home)]);
    expect(read(own)).toEqual(only('invalid', 'foreign-account', /the delegated administrator of Security Hub \(not set\)/));
  });

  test('is nobody unless it is set, and nobody else', () => {
    expect(read(event)).toEqual(
      only('invalid', 'foreign-account', /from account 999988887777, us-east-1, but the finding is for account 111122223333, eu-west-1/),
    );
    expect(read(event, versioning, { centralAccount: '123456789012' })).toEqual(
      only('invalid', 'foreign-account', /the delegated administrator of Security Hub \(123456789012\)/),
    );
  });

  test('reports for no other partition', () => {
    const foreign = securityHubImported({ control: 'S3.14', resource: bucket }, central);
    expect(read(foreign, versioning, { centralAccount: central.account, partition: 'aws-cn' })).toEqual(
      only('invalid', 'contradictory-event', /partition in .*ProductArn is "aws", but the rest of the event requires "aws-cn"/),
    );
  });
});
