import { canonicalJson } from '../../functions/canonical-json';
import { readEvent } from '../../functions/sources/read-event';
import { ends } from '../ends';
import { configComplianceChange } from '../events/config';
import { remediationRequested } from '../events/request';
import { resources } from '../events/resources';
import { securityHubCustomAction, securityHubImported } from '../events/security-hub';
import { kinds, sought } from './sought';

const { vpc } = resources();
const rule = sought(kinds.vpc, ['EC2.6'], ['vpc-flow-logs-enabled']);
const imported = securityHubImported({ control: 'EC2.6', resource: vpc });
const requested = securityHubCustomAction([{ control: 'EC2.6', resource: vpc }]);
const changed = configComplianceChange({ rule: 'vpc-flow-logs-enabled', resourceType: vpc.type, resourceId: vpc.configId });
const asked = remediationRequested({ rule: 'a-rule', arn: vpc.arn, reference: 'EC2.6' });
const events = { imported, requested, changed, asked } as const;

/** A copy of the event with another value at the path. */
function spoil(event: object, path: string, value: unknown): unknown {
  const copy = structuredClone(event);
  const keys = path.split('/');
  const parent = keys.slice(0, -1).reduce<unknown>((from, key) => Reflect.get(from as object, key), copy);
  Reflect.set(parent as object, keys.at(-1) ?? '', value);
  return copy;
}

const finding = 'detail/findings/0';

test.each(Object.entries(events))('the %s event is a finding before it is spoilt', (_, event) => {
  expect(readEvent(rule, event, {})).toEqual({ findings: [expect.objectContaining({ account: '111122223333' })], refusals: [] });
});

describe('a contradiction is rejected', () => {
  const foreign = { account: '999999999999', region: 'us-east-1', partition: 'aws-cn', chinese: 'cn-north-1' };
  const inId = (from: string, to: string) => imported.detail.findings[0]?.Id.replace(from, to);
  const inProduct = (from: string, to: string) => imported.detail.findings[0]?.ProductArn.replace(from, to);
  const inResource = (from: string, to: string) => vpc.arn.replace(from, to);

  test.each([
    ['the account of the event', 'account', foreign.account],
    ['the region of the event', 'region', foreign.region],
    ['the partition of the event', 'region', foreign.chinese],
    ['the account of the finding', `${finding}/AwsAccountId`, foreign.account],
    ['the region of the finding', `${finding}/Region`, foreign.region],
    ['the account in its id', `${finding}/Id`, inId('111122223333', foreign.account)],
    ['the region in its id', `${finding}/Id`, inId('eu-west-1', foreign.region)],
    ['the partition in its id', `${finding}/Id`, inId('arn:aws:', 'arn:aws-cn:')],
    ['the service in its id', `${finding}/Id`, inId(':securityhub:', ':guardduty:')],
    ['the region of the product', `${finding}/ProductArn`, inProduct('eu-west-1', foreign.region)],
    ['the partition of the product', `${finding}/ProductArn`, 'arn:aws-cn:securityhub:cn-north-1::product/aws/securityhub'],
    ['the region of the resource', `${finding}/Resources/0/Region`, foreign.region],
    ['the partition of the resource', `${finding}/Resources/0/Partition`, foreign.partition],
    ['the account in the ARN of the resource', `${finding}/Resources/0/Id`, inResource('111122223333', foreign.account)],
    ['the region in the ARN of the resource', `${finding}/Resources/0/Id`, inResource('eu-west-1', foreign.region)],
    ['the partition in the ARN of the resource', `${finding}/Resources/0/Id`, inResource('arn:aws:', 'arn:aws-cn:')],
    ['the control', `${finding}/Compliance/SecurityControlId`, 'EC2.7'],
    ['the control in the generator', `${finding}/GeneratorId`, 'security-control/EC2.7'],
    ['the control in the product fields', `${finding}/ProductFields/ControlId`, 'EC2.7'],
  ])('in %s', (_, path, value) => {
    for (const event of [imported, requested]) {
      expect(readEvent(rule, spoil(event, path, value), {})).toEqual({
        findings: [],
        refusals: [expect.objectContaining({ kind: 'invalid' })],
      });
    }
  });
});

describe('a finding that anybody could have imported is rejected', () => {
  test.each([
    'arn:aws:securityhub:eu-west-1:111122223333:product/111122223333/default',
    'arn:aws:securityhub:eu-west-1::product/acme/scanner',
    'arn:aws:securityhub:eu-west-1::product/aws/guardduty',
    'arn:aws:securityhub:eu-west-1::product/aws/securityhub/x',
    'arn:aws:securityhub:eu-west-1::product/aws/securityhub ',
    'arn:aws:securityhub:eu-west-1:111122223333:product/aws/securityhub',
    'arn:aws:securityhub:::product/aws/securityhub',
    'arn:aws:securityhub:eu-west-9z::product/aws/securityhub',
    'Security Hub',
  ])('%s', (productArn) => {
    const { findings, refusals } = readEvent(rule, spoil(imported, `${finding}/ProductArn`, productArn), {});
    expect(findings).toEqual([]);
    expect(refusals).toEqual([
      expect.objectContaining({
        kind: productArn.includes(' ') ? 'ignored' : 'invalid',
        code: productArn.includes(' ') ? 'malformed-event' : 'untrusted-product',
        reason: expect.stringContaining('ProductArn'),
      }),
    ]);
  });
});

test('a finding of no region at all is of none, not even for the administrator', () => {
  const [found] = imported.detail.findings;
  const nowhere = {
    ...found,
    Region: undefined,
    Id: found?.Id.replace('eu-west-1', ''),
    ProductArn: found?.ProductArn.replace('eu-west-1', ''),
  };
  expect(readEvent(rule, spoil(imported, finding, nowhere), { centralAccount: imported.account }).findings).toEqual([]);
});

test('a finding of another product that names no control of the rule is ignored', () => {
  const product = 'arn:aws:securityhub:eu-west-1::product/aws/guardduty';
  const foreign = spoil(spoil(imported, `${finding}/ProductArn`, product) as object, `${finding}/Compliance/SecurityControlId`, undefined);
  const other = spoil(foreign as object, `${finding}/GeneratorId`, 'arn:aws:guardduty:eu-west-1:111122223333:detector/d');
  expect(readEvent(rule, other, {})).toEqual({
    findings: [],
    refusals: [expect.objectContaining({ kind: 'ignored', code: 'untrusted-product' })],
  });
});

describe('what is malformed is ignored, and told in a sentence', () => {
  test.each([
    ['no name of a Region', 'region', 'eu-moon', 'event.region is "eu-moon", and must be the name of an AWS Region, such as eu-west-1.'],
    ['no region', 'region', undefined, 'event.region is missing, and must be the name of an AWS Region, such as eu-west-1.'],
    ['a number for an account', 'account', 111122223333, 'event.account is 111122223333, and must be a 12-digit account id.'],
    [
      'a time that is none',
      'time',
      'yesterday',
      'event.time is "yesterday", and must be a time in ISO 8601, such as 2026-03-01T09:30:00Z.',
    ],
    [
      'a day that is none',
      'time',
      '2026-02-30T00:00:00Z',
      'event.time is "2026-02-30T00:00:00Z", and must be a time in ISO 8601, such as 2026-03-01T09:30:00Z.',
    ],
    ['no findings', 'detail/findings', [], 'detail.findings is a list of 0, and must be a list of 1 to 100.'],
    ['an object for findings', 'detail/findings', {}, 'detail.findings is an object, and must be a list of 1 to 100.'],
    ['null for a detail', 'detail', null, 'detail is null, and must be an object.'],
    ['a list for a finding', finding, [], `detail.findings[0] is a list of 0, and must be an object.`],
    ['no resources', `${finding}/Resources`, [], 'detail.findings[0].Resources is a list of 0, and must be a list of 1 to 32.'],
    ['null for a resource', `${finding}/Resources/0`, null, 'detail.findings[0].Resources[0] is null, and must be an object.'],
    [
      'null for a region',
      `${finding}/Region`,
      null,
      'detail.findings[0].Region is null, and must be the name of an AWS Region, such as eu-west-1.',
    ],
    ['no workflow', `${finding}/Workflow`, undefined, 'detail.findings[0].Workflow is missing, and must be an object.'],
  ])('%s', (_, path, value, reason) => {
    expect(readEvent(rule, spoil(imported, path, value), {}).refusals).toEqual([
      expect.objectContaining({ kind: 'ignored', code: 'malformed-event', reason }),
    ]);
  });

  test('more findings than Security Hub sends, and more resources than one has', () => {
    const [one] = imported.detail.findings;
    expect(readEvent(rule, spoil(imported, 'detail/findings', Array(101).fill(one)), {}).findings).toEqual([]);
    expect(readEvent(rule, spoil(imported, `${finding}/Resources`, Array(33).fill(one?.Resources[0])), {}).findings).toEqual([]);
  });
});

test.each([
  ['another source', 'source', 'my.application'],
  ['a source that almost is one', 'source', 'aws.securityhub '],
  ['the source of another service', 'source', 'aws.config'],
  ['another type', 'detail-type', 'Security Hub Insight Results'],
  ['the name of a property of all objects', 'detail-type', '__proto__'],
])('an event of %s is ignored', (_, path, value) => {
  expect(readEvent(rule, spoil(imported, path, value), {}).refusals).toEqual([
    expect.objectContaining({
      kind: 'ignored',
      code: 'unsupported-event',
      reason: expect.stringMatching(/^The event type ".*" is not supported\. Supported types: "aws\.securityhub: /),
    }),
  ]);
});

test.each([null, undefined, 0, Number.NaN, true, '', 'a text', [], [[[]]], {}, 12n, Symbol('x'), () => imported, new Date(0), new Map()])(
  'what is no event is ignored: %p',
  (event) => {
    expect(readEvent(rule, event, {})).toEqual({ findings: [], refusals: [expect.objectContaining({ kind: 'ignored' })] });
  },
);

test('an object that resists being read is ignored', () => {
  const bomb = () => {
    throw new Error('no');
  };
  for (const event of [
    new Proxy({}, { get: bomb }),
    Object.defineProperty({}, 'source', { get: bomb }),
    { ...imported, toString: bomb, toJSON: bomb },
  ]) {
    expect(() => readEvent(rule, event, {})).not.toThrow();
  }
  expect(readEvent(rule, new Proxy({}, { get: bomb }), {}).refusals).toEqual([expect.objectContaining({ kind: 'ignored' })]);
});

describe('wherever it stands in the event', () => {
  const poisons: Readonly<Record<string, unknown>> = {
    'a text of a megabyte': 'x'.repeat(1_000_000),
    'a megabyte of control characters': '\u0000\u202E\n'.repeat(333_333),
    'a deep nesting': JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`),
    'an object with a prototype of its own': JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
    null: null,
    'a list': [null],
    'a number': -1,
    'a control character': 'EC2.6\u0000',
    'half a character': 'vpc-1\ud83d',
    'a letter that only looks Latin': 'arn:аws:ec2:eu-west-1:111122223333:vpc/vpc-1',
  };

  test.each(Object.keys(poisons))('%s does no harm', (name) => {
    const poison = poisons[name];
    for (const event of Object.values(events)) {
      for (const path of pathsOf(event)) {
        const { findings, refusals } = readEvent(rule, spoil(event, path, poison), {});
        for (const { account, region, partition } of findings)
          expect({ account, region, partition }).toEqual({ account: '111122223333', region: 'eu-west-1', partition: 'aws' });
        for (const { reason, findingId = '' } of refusals) {
          expect(reason.length).toBeLessThan(1_000);
          expect(`${reason}${findingId}`).not.toMatch(/[\p{Cc}\p{Cf}]/u);
          expect(findingId.length).toBeLessThan(7_000);
        }
        expect(JSON.stringify(findings).length).toBeLessThan(5_000);
        // What the log can not hold.
        expect(() => canonicalJson(JSON.parse(JSON.stringify([findings, refusals])))).not.toThrow();
      }
    }
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  /** The paths of all values in the event, and of the objects and lists that hold them. */
  function pathsOf(value: unknown, path: readonly string[] = []): readonly string[] {
    const inner =
      typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([key, item]) => pathsOf(item, [...path, key])) : [];
    const here = path.length > 0 && !path.some((key) => key.includes('/')) ? [path.join('/')] : [];
    return [...here, ...inner.filter((each) => each !== path.join('/'))];
  }
});

test('an event of a megabyte is read at once', () => {
  const spoilt = [
    ['Description', 'x'.repeat(1_000_000)],
    ['GeneratorId', '/EC2.6'.repeat(200_000)],
    ['Resources/0/Id', `${vpc.arn}${'/a'.repeat(500_000)}`],
  ] as const;
  for (const [field, value] of spoilt) expect(ends(() => readEvent(rule, spoil(imported, `${finding}/${field}`, value), {}))).toBeDefined();
});
