import { readEvent } from '../../../functions/sources/read-event';
import { home, resources } from '../../events/resources';
import { type ComplianceFinding, complianceFinding, importedV2 } from '../../events/security-hub-v2';
import { kinds, type Sought, sought, versioning } from '../sought';

const { bucket } = resources();
const given = (changes: Partial<ComplianceFinding> = {}) => complianceFinding({ control: 'S3.14', resource: bucket, ...changes });
type Given = ReturnType<typeof given>;
const read = (finding: object, rule: Sought = versioning, delivery = {}, scope = {}) =>
  readEvent(rule, importedV2(finding as Given, delivery), scope);
const refused = (kind: string, code: string, reason: RegExp) => ({
  findings: [],
  refusals: [expect.objectContaining({ kind, code, reason: expect.stringMatching(reason) })],
});

describe('a compliance finding of Security Hub in OCSF', () => {
  it('is a finding of its control, with the id that Security Hub CSPM gives it', () => {
    const finding = given();
    expect(read(finding)).toEqual({
      findings: [
        {
          ...home,
          id: finding.finding_info.uid,
          source: 'security-hub-v2',
          detectedBy: 'S3.14',
          resource: { kind: kinds.bucket, reported: { arn: bucket.arn } },
          detectedAt: '2026-03-01T09:30:00.123Z',
          sentAt: '2026-03-01T09:30:30.123Z',
          securityHubV2: { uid: finding.metadata.uid },
        },
      ],
      refusals: [],
    });
  });

  it.each([
    ['of an account', kinds.account, { type: 'AWS::::Account', uid: home.account, uid_alt: undefined }, { configId: home.account }],
    ['by an id alone', kinds.vpc, { type: 'AWS::EC2::VPC', uid: 'vpc-0f1e2d3c', uid_alt: undefined }, { configId: 'vpc-0f1e2d3c' }],
    ['by an id, and another one', kinds.vpc, { type: 'AWS::EC2::VPC', uid: 'vpc-0f1e2d3c', uid_alt: 'main' }, { configId: 'vpc-0f1e2d3c' }],
    ['by the other id alone', kinds.vpc, { type: 'aws::ec2::vpc', uid: undefined, uid_alt: 'vpc-0f1e2d3c' }, { configId: 'vpc-0f1e2d3c' }],
  ])('names a resource %s', (_, kind, resource, reported) => {
    const finding = { ...given(), resources: [resource] };
    expect(read(finding, sought(kind))).toMatchObject({ findings: [{ resource: { kind, reported } }], refusals: [] });
  });

  it.each([
    ['passed', { status: 'Pass' }, 'not-failed', /"Pass", not Fail/],
    ['a warning', { status: 'Warning' }, 'not-failed', /"Warning", not Fail/],
    ['suppressed', { workflow: 3 }, 'workflow-status', /status_id is 3/],
    ['resolved', { workflow: 4 }, 'workflow-status', /status_id is 4/],
    ['archived', { workflow: 5 }, 'not-active', /closed/],
    ['closed', { activity: 3 }, 'not-active', /activity_id is 3/],
    ['of another control', { control: 'S3.1' }, 'other-control', /"S3.1"/],
    ['of another resource', { resource: resources().vpc }, 'other-resource-type', /AWS::EC2::VPC/],
  ] as const)('needs nothing where it is %s', (_, changes, code, reason) => {
    expect(read(given(changes as Partial<ComplianceFinding>))).toEqual(refused('ignored', code, reason));
  });

  it.each([
    ['in progress', { workflow: 2 }],
    ['of the status unknown', { workflow: 0 }],
    ['of no status', { workflow: undefined }],
  ] as const)('is heard where it is %s', (_, changes) => {
    expect(read({ ...given(), status_id: changes.workflow }).findings).toHaveLength(1);
  });

  const own = 'posture-remediator 2026-03-01T10:00:00.000Z: Fixed by s3-bucket-versioning-enabled.';

  it('is our own update where the control has not updated it since our comment', () => {
    expect(read(given({ workflow: 2, comment: own }))).toEqual(refused('ignored', 'own-update', /our own update/));
  });

  it.each([
    ['that the control has updated since', { workflow: 2, comment: own, modified: '2026-03-01T10:15:00.000Z' }],
    ['that is New again', { workflow: 1, comment: own }],
    ['with the comment of another', { workflow: 2, comment: 'posture-remediator: I fix it tomorrow' }],
  ])('is heard with our comment, %s', (_, changes) => {
    expect(read(given(changes)).findings).toHaveLength(1);
  });

  const at = (finding: Given, path: string, value: unknown): object => {
    const copy = structuredClone(finding) as unknown as Record<string, unknown>;
    const keys = path.split('.');
    const last = keys.pop() as string;
    const parent = keys.reduce<Record<string, unknown>>((one, key) => one[key] as Record<string, unknown>, copy);
    parent[last] = value;
    return copy;
  };
  const productArn = 'arn:aws:securityhub:eu-west-1::productv2/aws/guardduty';

  it.each([
    ['the product', 'metadata.product.uid', productArn, 'untrusted-product', /productv2\/aws\/securityhub\. Only Security Hub/],
    [
      'a product of the account',
      'metadata.product.uid',
      'arn:aws:securityhub:eu-west-1:111122223333:productv2/aws/securityhub',
      'untrusted-product',
      /must be/,
    ],
    ['the account', 'cloud.account.uid', '444455556666', 'contradictory-event', /The account in .*finding_info\.uid/],
    ['the Region', 'cloud.region', 'us-east-1', 'contradictory-event', /cloud\.region is "us-east-1"/],
    [
      'the control in the id',
      'finding_info.uid',
      'arn:aws:securityhub:eu-west-1:111122223333:security-control/S3.1/finding/a',
      'contradictory-event',
      /names the control "S3\.14", but finding_info\.uid "S3\.1"/,
    ],
    ['the owner', 'resources.0.owner.account.uid', '444455556666', 'contradictory-event', /owner\.account\.uid/],
    ['the Region of the resource', 'resources.0.region', 'us-east-1', 'contradictory-event', /resources\[0\]\.region/],
    ['the partition of the resource', 'resources.0.cloud_partition', 'aws-cn', 'contradictory-event', /cloud_partition/],
    ['the account of the ARN', 'resources.0.uid_alt', 'arn:aws:ec2:eu-west-1:444455556666:vpc/vpc-1', 'contradictory-event', /uid_alt/],
  ] as const)('is refused where %s contradicts the rest', (_, path, value, code, reason) => {
    expect(read(at(given(), path, value))).toEqual(refused('invalid', code, reason));
  });

  it('is refused from an account that is not the delegated administrator', () => {
    const elsewhere = { account: '999999999999' };
    expect(read(given(), versioning, elsewhere)).toEqual(refused('invalid', 'foreign-account', /Only the delegated administrator/));
    expect(read(given(), versioning, elsewhere, { centralAccount: '999999999999' }).findings).toHaveLength(1);
  });

  it.each([
    ['of coverage', { ...given(), compliance: { assessments: [] } }, 'malformed-event', /compliance/],
    ['of another class', { ...given(), class_uid: 2004 }, 'unsupported-event', /class_uid is 2004/],
    ['of no class', { ...given(), class_uid: undefined }, 'unsupported-event', /class_uid is/],
    ['with a status that is no number', { ...given(), status_id: 'New' }, 'malformed-event', /status_id/],
    ['with two verdicts', at(given(), 'compliance.status', 'Pass'), 'malformed-event', /Pass, Warning or Fail/],
    ['that is a text', 'finding', 'malformed-event', /an object/],
  ])('is ignored where it is one %s', (_, finding, code, reason) => {
    const event = { ...importedV2(given()), detail: { findings: [finding] } };
    expect(readEvent(versioning, event, {})).toEqual(refused('ignored', code, reason));
  });

  it('has no parameters that are there twice', () => {
    const twice = [
      { name: 'minimum', value: '7' },
      { name: 'Minimum', value: '14' },
    ];
    const judged = (control_parameters: unknown) => at(given(), 'compliance.control_parameters', control_parameters);
    expect(read(judged(twice))).toEqual(refused('ignored', 'malformed-event', /each once/));
    expect(read(judged([{ name: 'ports', values: ['80', '443'] }])).findings).toMatchObject([{ parameters: { ports: '80,443' } }]);
  });
});
