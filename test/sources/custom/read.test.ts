import { loadRules } from '../../../functions/catalogue/catalogue';
import type { Reading } from '../../../functions/findings/finding';
import { retryMessage } from '../../../functions/findings/retry-message';
import { readEvent } from '../../../functions/sources/read-event';
import { readMessage } from '../../../functions/sources/read-message';
import { dispatchPatterns } from '../../../infra/route/dispatch-pattern';
import { eventPatterns } from '../../../infra/route/event-pattern';
import { matches } from '../../emulator/event-pattern';
import { type RequestOptions, remediationRequested } from '../../events/request';
import { kinds, type Sought } from '../sought';

const tls: Sought = {
  id: 's3-bucket-tls-required',
  detectedBy: { securityHub: ['S3.5'], config: ['s3-bucket-ssl-requests-only'] },
  resource: kinds.bucket,
};
const groups: Sought = {
  id: 'ec2-security-group-closed',
  detectedBy: { securityHub: [], config: ['closed'] },
  resource: [kinds.bucket, kinds.securityGroup],
};
const group = 'arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1';
const scope = { partition: 'aws' };

const read = (options: RequestOptions = {}, rule = tls): Reading => readEvent(rule, remediationRequested(options), scope);
/** The event with other fields of its detail. */
const detailed = (detail: object, rule = tls): Reading => {
  const event = remediationRequested();
  return readEvent(rule, { ...event, detail: { ...event.detail, ...detail } }, scope);
};
const refusal = ({ findings, refusals }: Reading) => {
  expect(findings).toEqual([]);
  return refusals;
};

it('is a finding of its requester, which names the detector of the rule without its parameters', () => {
  expect(read({ detectedAt: '2026-11-24T13:00:00+02:00' })).toEqual({
    findings: [
      {
        id: 'posture.finding.siem/ALERT-2041',
        source: 'custom',
        detectedBy: 'S3.5',
        partition: 'aws',
        account: '111122223333',
        region: 'eu-west-1',
        resource: { kind: kinds.bucket, reported: { arn: 'arn:aws:s3:::reports' } },
        detectedAt: '2026-11-24T11:00:00.000Z',
        sentAt: '2026-11-24T12:00:00.000Z',
        requester: 'siem',
        reference: 'ALERT-2041',
        evidence: { technique: 'T1530', summary: 'An anonymous client listed the bucket.' },
      },
    ],
    refusals: [],
  });
});

it('is about the kind that its ARN is of, and by a Config rule where the rule has no control', () => {
  const { findings } = read({ rule: groups.id, arn: group }, groups);
  expect(findings).toMatchObject([{ detectedBy: 'closed', resource: { kind: kinds.securityGroup, reported: { arn: group } } }]);
});

it('needs no evidence', () => {
  const [finding] = detailed({ evidence: undefined }).findings;
  expect(finding).toMatchObject({ requester: 'siem' });
  expect(finding).not.toHaveProperty('evidence');
});

it('comes back in a message as it was', () => {
  const [finding] = read().findings;
  if (!finding) throw new Error('It is no finding.');
  expect(readMessage(tls, JSON.parse(JSON.stringify(retryMessage({ finding, number: 3 }))), scope)).toEqual({ finding, number: 3 });
});

describe('is for nobody else', () => {
  const rules = loadRules().map(({ rule }) => rule);

  it('on the default bus: no route of a rule or of the dispatcher matches it', () => {
    for (const rule of rules) {
      const { id, resource } = rule;
      for (const { arn } of [resource].flat()) {
        const event = remediationRequested({ rule: id, arn });
        expect([id, [...eventPatterns(rule), ...dispatchPatterns(rules)].filter((pattern) => matches(pattern, event))]).toEqual([id, []]);
      }
    }
  });

  it('as the function of another rule', () => {
    expect(refusal(read({ rule: 's3-bucket-versioning-enabled' }))).toEqual([
      expect.objectContaining({ kind: 'ignored', code: 'other-rule', findingId: 'posture.finding.siem/ALERT-2041' }),
    ]);
  });
});

describe('is refused where it contradicts itself or AWS', () => {
  it.each<[string, RequestOptions, Sought, string]>([
    ['a resource in another account', { rule: groups.id, arn: group, account: '999988887777' }, groups, 'contradictory-event'],
    ['a resource in another Region', { rule: groups.id, arn: group, region: 'us-east-1' }, groups, 'contradictory-event'],
    ['a resource of another partition', { arn: 'arn:aws-cn:s3:::reports' }, tls, 'contradictory-event'],
    ['a resource of another kind', { arn: 'arn:aws:sqs:eu-west-1:111122223333:queue' }, tls, 'invalid-resource-id'],
    ['a part of a resource', { arn: 'arn:aws:s3:::reports/january' }, tls, 'invalid-resource-id'],
    ['a name without its ARN', { arn: 'reports' }, tls, 'invalid-resource-id'],
    ['a pattern', { arn: 'arn:aws:s3:::*' }, tls, 'invalid-resource-id'],
    ['a detection after the event', { time: '2026-11-24T12:00:00Z', detectedAt: '2026-11-24T12:05:01Z' }, tls, 'contradictory-event'],
  ])('%s', (_, options, rule, code) => {
    expect(refusal(read(options, rule))).toEqual([expect.objectContaining({ code })]);
  });

  it.each(['2026-11-24T11:58:01Z', '2006-03-13T23:59:59Z'])('a misconfiguration that came about at %s', (occurredAt) => {
    const event = remediationRequested({ detectedAt: '2026-11-24T11:58:00Z' });
    const said = refusal(readEvent(tls, { ...event, detail: { ...event.detail, occurredAt } }, scope));
    expect(said).toEqual([
      expect.objectContaining({ kind: 'invalid', code: 'contradictory-event', reason: expect.stringContaining('detail.occurredAt') }),
    ]);
  });

  it('but not where clocks differ by minutes', () => {
    expect(read({ time: '2026-11-24T12:00:00Z', detectedAt: '2026-11-24T12:05:00Z' }).findings).toHaveLength(1);
  });
});

describe('is refused where it is not as the schema says', () => {
  it.each<[string, object, string]>([
    ['no version', { version: undefined }, 'detail.version is missing, and must be "1".'],
    ['a later version', { version: '2' }, 'detail.version is "2", and must be "1".'],
    [
      'a field that means something we do not do',
      { dryRun: true },
      'detail is an object, and must be an object with only version, rule, resource, reference, detectedAt, occurredAt, evidence.',
    ],
    [
      'a field in the resource',
      { resource: { arn: 'arn:aws:s3:::reports', account: '111122223333', region: 'eu-west-1', type: 'x' } },
      'detail.resource is an object, and must be an object with only arn, account, region.',
    ],
    ['no resource', { resource: undefined }, 'detail.resource is missing, and must be an object with only arn, account, region.'],
    ['a rule in capitals', { rule: 'S3.5' }, 'detail.rule is "S3.5", and must be the id of a rule, such as s3-bucket-tls-required.'],
    ['a number for a rule', { rule: 5 }, 'detail.rule is 5, and must be the id of a rule, such as s3-bucket-tls-required.'],
    ['no reference', { reference: '' }, 'detail.reference is "", and must be a text of 1 to 128 printable ASCII characters.'],
    [
      'a line break in the reference',
      { reference: 'A\nB' },
      'detail.reference is "AB", and must be a text of 1 to 128 printable ASCII characters.',
    ],
    ['a space at its end', { reference: 'A ' }, 'detail.reference is "A ", and must be a text of 1 to 128 printable ASCII characters.'],
    [
      'a time that is none',
      { detectedAt: 'now' },
      'detail.detectedAt is "now", and must be a time in ISO 8601, such as 2026-03-01T09:30:00Z.',
    ],
    [
      'a list for a detail',
      { evidence: ['x'] },
      expect.stringMatching(/^detail\.evidence is a list of 1, and must be an object with at most 20/) as never,
    ],
  ])('%s', (_, detail, reason) => {
    expect(refusal(detailed(detail))).toEqual([expect.objectContaining({ kind: 'ignored', code: 'malformed-event', reason })]);
  });

  it.each([
    ['a long reference', { reference: 'x'.repeat(129) }],
    ['a long rule', { rule: `s3-${'x'.repeat(98)}` }],
    ['a long ARN', { resource: { arn: `arn:aws:s3:::${'x'.repeat(1600)}`, account: '111122223333', region: 'eu-west-1' } }],
    ['much evidence', { evidence: Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`e${index}`, 'x'])) }],
    ['long evidence', { evidence: { summary: 'x'.repeat(501) } }],
    ['evidence by an odd name', { evidence: { 'a b': 'x' } }],
    ['evidence that is no text', { evidence: { count: 3 } }],
    ['half a character', { evidence: { summary: '\ud83d' } }],
  ])('%s', (_, detail) => {
    expect(refusal(detailed(detail))).toEqual([expect.objectContaining({ code: 'malformed-event' })]);
  });

  it('and evidence by the name of a property of all objects is none', () => {
    expect(detailed({ evidence: JSON.parse('{"__proto__":"x"}') }).findings).toMatchObject([{ evidence: {} }]);
  });

  it('and as much as it allows is read', () => {
    const evidence = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`e${index}`, 'x'.repeat(500)]));
    expect(detailed({ evidence, reference: 'x'.repeat(128) }).findings).toMatchObject([{ evidence, reference: 'x'.repeat(128) }]);
  });
});

describe('a source name that is none', () => {
  const sources = ['', 'Siem', '-siem', 'siem-', 's--m', 'siem.x', '*', '<requester>', 'si em', `${'x'.repeat(41)}`, '__proto__/x'];
  it.each(sources)('posture.finding.%s is not supported', (requester) => {
    expect(refusal(read({ requester }))).toEqual([expect.objectContaining({ code: 'unsupported-event' })]);
  });

  it.each([
    ['another type', { 'detail-type': 'Remediation requested' }],
    ['a source that only begins like one', { source: 'posture.findings.siem' }],
    ['a source of AWS', { source: 'aws.securityhub' }],
  ])('%s is not supported', (_, more) => {
    expect(refusal(readEvent(tls, { ...remediationRequested(), ...more }, scope))).toEqual([
      expect.objectContaining({ kind: 'ignored', code: 'unsupported-event' }),
    ]);
  });
});

describe('a message with a request is refused', () => {
  const message = () => {
    const [finding] = read().findings;
    if (!finding) throw new Error('It is no finding.');
    return JSON.parse(JSON.stringify(retryMessage({ finding, number: 0 }))) as { readonly finding: Readonly<Record<string, unknown>> };
  };
  const withFinding = (more: object) => readMessage(tls, { ...message(), finding: { ...message().finding, ...more } }, scope);

  it.each([
    ['of nobody', { requester: undefined }],
    ['without a reference', { reference: undefined }],
    ['of another requester than its id says', { requester: 'edr' }],
    ['with another reference than its id says', { reference: 'ALERT-1' }],
    ['with parameters', { parameters: { days: '1' } }],
    ['with a finding to tell', { securityHub: { id: 'x', productArn: 'y' } }],
    ['with an id for a resource', { resource: { type: 'AWS::S3::Bucket', reported: { configId: 'reports' } } }],
    ['with a detector of another rule', { detectedBy: 'S3.14' }],
    ['that calls itself an order', { source: 'control' }],
    ['that calls itself a finding of Security Hub', { source: 'security-hub' }],
  ])('%s', (_, more) => {
    expect(withFinding({})).toHaveProperty('finding');
    expect(withFinding(more)).toEqual({ refusal: expect.objectContaining({ kind: 'invalid' }) });
  });
});
