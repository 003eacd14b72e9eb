import { identify } from '../../../functions/findings/identify';
import { readEvent } from '../../../functions/sources/read-event';
import { type ComplianceChange, configComplianceChange } from '../../events/config';
import pack from '../../events/config-conformance-pack.json';
import plain from '../../events/config-plain.json';
import service from '../../events/config-security-hub.json';
import { home, resources } from '../../events/resources';
import { kinds, sought, versioning } from '../sought';

const change = (changes: Partial<ComplianceChange> = {}) =>
  configComplianceChange({ rule: 's3-bucket-versioning-enabled', resourceType: 'AWS::S3::Bucket', resourceId: 'invoices', ...changes });
const only = (kind: string, code: string, reason: RegExp) => ({
  findings: [],
  refusals: [expect.objectContaining({ kind, code, reason: expect.stringMatching(reason) })],
});

describe('a recorded event', () => {
  test('of a Config rule is a finding, and the rule can be evaluated again', () => {
    expect(readEvent(versioning, plain, {})).toEqual({
      findings: [
        {
          ...home,
          id: 'arn:aws:config:eu-west-1:111122223333:config-rule/config-rule-eguym2/AWS::S3::Bucket/invoices-111122223333',
          source: 'config',
          detectedBy: 's3-bucket-versioning-enabled',
          resource: { kind: kinds.bucket, reported: { configId: 'invoices-111122223333' } },
          detectedAt: '2026-03-01T09:31:12.741Z',
          sentAt: '2026-03-01T09:31:13.000Z',
          configRule: 's3-bucket-versioning-enabled',
        },
      ],
      refusals: [],
    });
  });

  test("of Security Hub's Config rule names the managed rule, and leaves the evaluation to Security Hub", () => {
    const { findings } = readEvent(sought(kinds.user, [], ['iam-user-unused-credentials-check']), service, {});
    expect(findings).toEqual([
      expect.objectContaining({
        detectedBy: 'iam-user-unused-credentials-check',
        resource: { kind: kinds.user, reported: { configId: 'AIDACKCEVSQ6C2EXAMPLE' } },
      }),
    ]);
    expect(findings[0]?.configRule).toMatch(/^securityhub-iam-user-unused-credentials-check-/);
  });

  test('of a conformance pack names the managed rule', () => {
    expect(readEvent(sought(kinds.lambdaFunction, [], ['lambda-function-public-access-prohibited']), pack, {}).findings).toEqual([
      expect.objectContaining({
        detectedBy: 'lambda-function-public-access-prohibited',
        configRule: 'lambda-function-public-access-prohibited-conformance-pack-qayjyopmd',
      }),
    ]);
  });
});

test.each([
  [
    'of another rule',
    'other-config-rule',
    { rule: 's3-bucket-logging-enabled' },
    /Config rule is "s3-bucket-logging-enabled"\. This rule remediates s3-bucket-versioning-enabled\./,
  ],
  ['that is right now', 'not-failed', { compliance: 'COMPLIANT', before: 'NON_COMPLIANT' }, /"COMPLIANT", not NON_COMPLIANT/],
  ['that does not apply', 'not-failed', { compliance: 'NOT_APPLICABLE' }, /"NOT_APPLICABLE", not NON_COMPLIANT/],
  ['about another type', 'other-resource-type', { resourceType: 'AWS::KMS::Key' }, /"AWS::KMS::Key", not AWS::S3::Bucket/],
] as const)('an evaluation %s is ignored', (_, code, changes, reason) => {
  expect(readEvent(versioning, change(changes as Partial<ComplianceChange>), {})).toEqual(only('ignored', code, reason));
});

test('a Config rule of another name is only read for who finds out what it is', () => {
  const own = change({ rule: 'acme-versioning' });
  expect(readEvent(versioning, own, {})).toEqual(only('ignored', 'other-config-rule', /"acme-versioning"/));
  expect(readEvent(versioning, own, { anyConfigRule: true }).findings).toMatchObject([{ configRule: 'acme-versioning' }]);
  const none = sought(kinds.bucket, ['S3.14'], []);
  expect(readEvent(none, own, { anyConfigRule: true })).toEqual(only('ignored', 'other-config-rule', /remediates no AWS Config rule/));
});

test('another message of AWS Config is ignored', () => {
  const event = change();
  const other = { ...event, detail: { ...event.detail, messageType: 'ConfigurationItemChangeNotification' } };
  expect(readEvent(versioning, other, {})).toEqual(only('ignored', 'other-message-type', /not ComplianceChangeNotification/));
});

describe("AWS Config's id of a resource", () => {
  const by = (name: keyof typeof kinds, resourceId: string) =>
    readEvent(sought(kinds[name], [], ['a-rule']), change({ rule: 'a-rule', resourceType: kinds[name].type, resourceId }), {});

  test.each(Object.keys(kinds) as (keyof typeof kinds)[])('is understood for a %s', (name) => {
    const { configId } = resources()[name];
    expect(by(name, configId).findings.map(({ resource }) => resource.reported)).toEqual([
      configId.startsWith('arn:') ? { arn: configId } : { configId },
    ]);
  });

  test.each([
    ['an ARN of another account', 'trail', 'arn:aws:cloudtrail:eu-west-1:999999999999:trail/main'],
    ['an ARN of another region', 'trail', 'arn:aws:cloudtrail:us-east-1:111122223333:trail/main'],
    ['an ARN of another partition', 'bucket', 'arn:aws-cn:s3:::invoices'],
    ['another account', 'account', '999999999999'],
  ] as const)('contradicts the event when it is %s', (_, name, id) => {
    expect(by(name, id)).toEqual(only('invalid', 'contradictory-event', /detail\.resourceId ".*" is of .*, but the finding is of account/));
  });

  test.each([
    ['an ARN of another kind', 'trail', 'arn:aws:cloudtrail:eu-west-1:111122223333:eventdatastore/main'],
    ['what is not quite an ARN', 'trail', 'arn:main'],
    ['the key of an object', 'bucket', 'invoices/march'],
    ['a parent folder', 'bucket', '..'],
    ['a space', 'bucket', 'my invoices'],
  ] as const)('is heard when it is %s, and then recorded as unfixable', async (_, name, id) => {
    const [finding] = by(name, id).findings;
    const aws = { send: () => Promise.reject(new Error('Nothing is asked.')) };
    expect(finding && (await identify(finding, aws))).toMatchObject({ code: 'unreadable-resource-id' });
  });

  test.each([
    ['of more characters than AWS Config allows', 'x'.repeat(769)],
    ['with half a character', 'invoices-\ud83d'],
  ])('is ignored when it is %s', (_, id) => {
    expect(by('bucket', id)).toEqual({ findings: [], refusals: [expect.objectContaining({ kind: 'ignored', code: 'malformed-event' })] });
  });
});

test.each([
  ['awsAccountId', '999999999999'],
  ['awsRegion', 'us-east-1'],
  ['configRuleARN', 'arn:aws:config:eu-west-1:999999999999:config-rule/config-rule-eguym2'],
  ['configRuleARN', 'arn:aws:config:us-east-1:111122223333:config-rule/config-rule-eguym2'],
  ['configRuleARN', 'arn:aws-cn:config:cn-north-1:111122223333:config-rule/config-rule-eguym2'],
  ['configRuleARN', 'arn:aws:iam::111122223333:role/config-rule'],
  ['configRuleARN', 'arn:aws:events:eu-west-1:111122223333:config-rule/config-rule-eguym2'],
  ['configRuleARN', 'arn:aws:config:eu-west-1:111122223333:conformance-pack/config-rule-eguym2'],
  ['configRuleARN', 'config-rule-eguym2'],
  ['configRuleArn', 'arn:aws:config:eu-west-1:111122223333:config-rule/config-rule-other'],
])('a detail whose %s is %s contradicts its event', (field, value) => {
  const event = change();
  expect(readEvent(versioning, { ...event, detail: { ...event.detail, [field]: value } }, {})).toEqual(
    only('invalid', 'contradictory-event', /but the rest of the event requires/),
  );
});

test.each(['configRuleName', 'resourceType', 'resourceId'])('an evaluation of another %s than the detail is rejected', (field) => {
  const event = structuredClone(change());
  Object.assign(event.detail.newEvaluationResult.evaluationResultIdentifier.evaluationResultQualifier, { [field]: 'another' });
  expect(readEvent(versioning, event, {})).toEqual(
    only('invalid', 'contradictory-event', new RegExp(`evaluationResultQualifier.${field} is "another"`)),
  );
});

test('an event of the administrator says nothing about other accounts', () => {
  const event = { ...change(), account: '999988887777' };
  expect(readEvent(versioning, event, { centralAccount: '999988887777' })).toEqual(only('invalid', 'contradictory-event', /awsAccountId/));
});

test('an event without the ARN of the Config rule is known by its name', () => {
  const event = change();
  const { configRuleARN, ...detail } = event.detail;
  expect(readEvent(versioning, { ...event, detail }, {}).findings.map(({ id }) => id)).toEqual([
    's3-bucket-versioning-enabled/AWS::S3::Bucket/invoices',
  ]);
  expect(readEvent(versioning, { ...event, detail: { ...detail, configRuleArn: configRuleARN } }, {}).findings[0]?.id).toContain(
    configRuleARN,
  );
});
