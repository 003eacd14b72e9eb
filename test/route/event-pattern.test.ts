import { eventPatterns } from '../../infra/route/event-pattern';
import { matches, refusalOf } from '../emulator/event-pattern';
import { configComplianceChange } from '../events/config';
import pack from '../events/config-conformance-pack.json';
import plain from '../events/config-plain.json';
import service from '../events/config-security-hub.json';
import { resources } from '../events/resources';
import { type ControlFinding, securityHubCustomAction, securityHubImported } from '../events/security-hub';
import requested from '../events/security-hub-custom-action.json';
import cis from '../events/security-hub-imported-cis.json';
import consolidated from '../events/security-hub-imported-consolidated.json';
import standard from '../events/security-hub-imported-standard.json';
import ownUpdate from '../events/security-hub-own-update.json';

const route = (securityHub: readonly string[], config: readonly string[] = [], id = 'a-rule') =>
  eventPatterns({ id, detectedBy: { securityHub, config } })[0];

describe('a recorded event goes to the route of its control or Config rule, and to no other', () => {
  const routes = {
    versioning: route(['S3.14'], ['s3-bucket-versioning-enabled']),
    credentials: route(['IAM.8', 'IAM.22'], ['iam-user-unused-credentials-check']),
    rotation: route(['KMS.4'], ['cmk-backing-key-rotation-enabled']),
    ssh: route(['EC2.13'], ['restricted-ssh']),
    lambda: route(['Lambda.1'], ['lambda-function-public-access-prohibited']),
    logging: route(['S3.1'], ['s3-bucket-versioning']),
  };

  test.each([
    ['consolidated', consolidated, ['versioning']],
    ['of a standard', standard, ['credentials']],
    ['of CIS', cis, ['rotation']],
    ['a request for two', requested, ['versioning', 'ssh']],
    ['of a Config rule', plain, ['versioning']],
    ["of Security Hub's Config rule", service, ['credentials']],
    ['of a conformance pack', pack, ['lambda']],
    ['our own update', ownUpdate, []],
  ])('%s', (_, event, expected) => {
    expect(Object.entries(routes).flatMap(([name, pattern]) => (matches(pattern, event) ? [name] : []))).toEqual(expected);
  });
});

describe('a finding that needs nothing does not invoke us', () => {
  const pattern = route(['S3.14'], ['s3-bucket-versioning-enabled']);
  const fault: ControlFinding = { control: 'S3.14', resource: resources().bucket };

  test.each([
    ['resolved', { workflow: 'RESOLVED' }],
    ['suppressed', { workflow: 'SUPPRESSED' }],
    ['passed', { status: 'PASSED' }],
    ['passed, but still new', { status: 'PASSED', workflow: 'NEW' }],
    ['archived', { recordState: 'ARCHIVED' }],
    ['of another control', { control: 'S3.1' }],
    ['of a control whose name ends alike', { control: 'XS3.14' }],
    ['of PCI, whose number is alike', { control: 'S3.9', consolidated: false, standard: 'pci-dss/v/3.2.1', numberInStandard: 'PCI.S3.14' }],
  ] as const)('%s', (_, changes) => {
    for (const consolidated of [true, false]) {
      expect(matches(pattern, securityHubImported({ ...fault, consolidated, ...(changes as Partial<ControlFinding>) }))).toBe(false);
    }
  });

  test('a Config rule that is content', () => {
    const evaluation = { rule: 's3-bucket-versioning-enabled', resourceType: 'AWS::S3::Bucket', resourceId: 'invoices' } as const;
    expect(matches(pattern, configComplianceChange(evaluation))).toBe(true);
    expect(matches(pattern, configComplianceChange({ ...evaluation, compliance: 'COMPLIANT', before: 'NON_COMPLIANT' }))).toBe(false);
  });

  test("a custom action of somebody else's", () => {
    expect(matches(pattern, securityHubCustomAction([fault]))).toBe(true);
    expect(matches(pattern, securityHubCustomAction([fault], { actionId: 'SendToSlack' }))).toBe(false);
    expect(matches(pattern, securityHubCustomAction([fault], { actionId: 'NotPostureFix' }))).toBe(false);
  });

  test('a finding of the Security Hub that speaks OCSF, even if it spoke like the other', () => {
    expect(matches(pattern, { ...securityHubImported(fault), 'detail-type': 'Findings Imported V2' })).toBe(false);
  });

  test('an event of a source of its own', () => {
    expect(matches(pattern, { ...securityHubImported(fault), source: 'my.application' })).toBe(false);
  });
});

test('a request for a finding that is resolved does arrive, so that somebody can be told', () => {
  const resolved: ControlFinding = { control: 'S3.14', resource: resources().bucket, workflow: 'RESOLVED' };
  expect(matches(route(['S3.14']), securityHubCustomAction([resolved]))).toBe(true);
});

test('a rule that only one source detects listens to that source alone', () => {
  expect(route([], ['restricted-ssh'])).not.toHaveProperty('$or');
  expect(route([], ['restricted-ssh'])['source']).toEqual(['aws.config']);
  expect(route(['EC2.13'])['source']).toEqual(['aws.securityhub']);
});

test('a rule that nothing detects has no route', () => {
  expect(() => route([])).toThrow(
    'The rule a-rule has no detector. Add a Security Hub control, an AWS Config managed rule or a finding type',
  );
});

describe('a rule of more names than one pattern holds has several routes', () => {
  const numbers = Array.from({ length: 40 }, (_, index) => index + 1);
  const securityHub = numbers.map((number) => `CloudWatch.${number}`);
  const config = numbers.map((number) => `cloudwatch-alarm-for-sensitive-change-${number}-of-many-exists`);
  const patterns = eventPatterns({ id: 'a-rule', detectedBy: { securityHub, config } });
  const taking = (event: object) => patterns.filter((pattern) => matches(pattern, event)).length;

  test('of which EventBridge takes each', () => {
    expect(patterns.length).toBeGreaterThan(2);
    for (const pattern of patterns) expect(refusalOf(JSON.stringify(pattern))).toBeUndefined();
  });

  test('of which one takes the finding of each control', () => {
    for (const control of securityHub) {
      for (const consolidated of [true, false]) {
        const finding = { control, resource: resources().bucket, consolidated };
        expect(taking(securityHubImported(finding))).toBe(1);
        expect(taking(securityHubCustomAction([finding]))).toBe(1);
      }
    }
  });

  test.each(['plain', 'security-hub', 'conformance-pack', 'organization'] as const)(
    'of which one takes what each Config rule finds, %s',
    (form) => {
      for (const rule of config) {
        expect(taking(configComplianceChange({ rule, form, resourceType: 'AWS::S3::Bucket', resourceId: 'invoices' }))).toBe(1);
      }
    },
  );

  test('each of one source', () => {
    expect(new Set(patterns.map(({ source }) => String(source)))).toEqual(new Set(['aws.securityhub', 'aws.config']));
  });
});
