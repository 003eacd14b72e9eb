import { retryMessage } from '../../../functions/findings/retry-message';
import { eventOfDrift } from '../../../functions/sources/drift/event';
import { readEvent } from '../../../functions/sources/read-event';
import { readMessage } from '../../../functions/sources/read-message';
import { hasDetector } from '../../../functions/sources/verdict';
import { home, resources } from '../../events/resources';
import * as fc from '../../fast-check';
import { kinds, sought } from '../sought';

const rule = sought([kinds.vpc, kinds.account, kinds.bucket], ['EC2.6'], ['vpc-flow-logs-enabled']);
const central = { account: '999988887777', region: 'us-east-1' };
const scope = { centralAccount: central.account, partition: 'aws' } as const;
const { vpc, account } = resources();

const found = {
  ...home,
  detectedBy: 'EC2.6',
  resourceType: vpc.type,
  resource: vpc.arn,
  detectedAt: '2026-11-24T12:00:00.000Z',
};
const event = (change: object = {}, envelope: object = {}) => ({ ...eventOfDrift('sweep', { ...found, ...change }, central), ...envelope });

it('is the finding of the resource, by the control or the Config rule that the sweep chose', () => {
  for (const detectedBy of ['EC2.6', 'vpc-flow-logs-enabled'])
    expect(readEvent(rule, JSON.parse(JSON.stringify(event({ detectedBy }))), scope)).toEqual({
      refusals: [],
      findings: [
        {
          ...home,
          id: `posture-sweep/${vpc.arn}`,
          source: 'sweep',
          detectedBy,
          resource: { kind: kinds.vpc, reported: { arn: vpc.arn } },
          detectedAt: found.detectedAt,
          sentAt: found.detectedAt,
        },
      ],
    });
});

it('can be of the account itself, in any Region', () => {
  const { findings } = readEvent(rule, event({ resourceType: account.type, resource: account.arn, region: 'eu-central-1' }), scope);
  expect(findings).toMatchObject([{ id: `posture-sweep/${account.arn}`, region: 'eu-central-1' }]);
});

it('has no detector that could be asked, or told of the end', () => {
  const [finding] = readEvent(rule, event(), scope).findings;
  expect(finding && hasDetector(finding)).toBe(false);
  expect(finding).not.toHaveProperty('securityHub');
  expect(finding).not.toHaveProperty('configRule');
});

describe('what only the holder of the permission to invoke the function can send is validated all the same', () => {
  const long = `arn:aws:s3:::${'a'.repeat(1700)}`;
  it.each<[string, object, object, string, string]>([
    ['of another account than the central one', {}, { account: '111122223333' }, 'invalid', 'foreign-account'],
    ['of another partition', { partition: 'aws-cn' }, {}, 'invalid', 'contradictory-event'],
    [
      'of another partition, about what has none in its ARN',
      { partition: 'aws-cn', resourceType: account.type, resource: account.arn },
      {},
      'invalid',
      'contradictory-event',
    ],
    ['of a resource in another account', { account: '444455556666' }, {}, 'invalid', 'contradictory-event'],
    ['of a resource in another Region', { region: 'eu-west-2' }, {}, 'invalid', 'contradictory-event'],
    ['of a resource in another partition', { resource: vpc.arn.replace(':aws:', ':aws-cn:') }, {}, 'invalid', 'contradictory-event'],
    [
      'of the setting of another account',
      { resourceType: account.type, resource: 'AWS::::Account:444455556666' },
      {},
      'invalid',
      'contradictory-event',
    ],
    ['by another control', { detectedBy: 'EC2.7' }, {}, 'ignored', 'other-control'],
    ['by no control', { detectedBy: '' }, {}, 'ignored', 'malformed-event'],
    ['of another resource type', { resourceType: 'AWS::IAM::User' }, {}, 'ignored', 'other-resource-type'],
    ['of a resource by its id', { resource: 'vpc-0123456789abcdef0' }, {}, 'ignored', 'invalid-resource-id'],
    ['of a resource whose name is too long', { resourceType: 'AWS::S3::Bucket', resource: long }, {}, 'ignored', 'invalid-resource-id'],
    ['of half a character', { resource: `${vpc.arn}\ud83d` }, {}, 'ignored', 'malformed-event'],
    ['of no resource', { resource: undefined }, {}, 'ignored', 'malformed-event'],
    ['of a list of resources', { resource: [vpc.arn] }, {}, 'ignored', 'malformed-event'],
    ['of an account that is none', { account: '*' }, {}, 'ignored', 'malformed-event'],
    ['of a Region that is none', { region: 'eu-west-1.evil.example' }, {}, 'ignored', 'malformed-event'],
    ['of a partition that is none', { partition: 'aws:iam' }, {}, 'ignored', 'malformed-event'],
    ['of no time', { detectedAt: 'soon' }, {}, 'ignored', 'malformed-event'],
    ['without a detail', {}, { detail: undefined }, 'ignored', 'malformed-event'],
    ['of a later version', {}, { detail: { ...event().detail, version: 2 } }, 'ignored', 'malformed-event'],
    ['of another type', {}, { 'detail-type': 'Posture Sweep' }, 'ignored', 'unsupported-event'],
    ['of another source', {}, { source: 'posture.sweeper' }, 'ignored', 'unsupported-event'],
  ])('an event %s is refused', (_, change, envelope, kind, code) => {
    const read = readEvent(rule, event(change, envelope), scope);
    expect(read).toMatchObject({ findings: [], refusals: [{ kind, code }] });
    expect(JSON.stringify(read)).not.toMatch(/Invalid input|Unrecognized|expected string|Too (small|big)/);
    expect(read.refusals[0]?.reason.length).toBeLessThan(600);
  });

  it('never throws, and never yields a finding of another place than the event names', () => {
    const leaf = fc.oneof(
      fc.constantFrom<unknown>(...Object.values(found), ...Object.values(central), undefined, vpc.type),
      fc.jsonValue({ maxDepth: 1 }),
    );
    const names = [...Object.keys(found), 'version'];
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...names), leaf), { maxLength: 4 }), (changes) => {
        const detail = { ...event().detail, ...Object.fromEntries(changes) } as Record<string, unknown>;
        const { findings, refusals } = readEvent(rule, { ...event(), detail }, scope);
        expect(findings.length + refusals.length).toBe(1);
        for (const one of findings) {
          expect([one.account, one.region, one.partition]).toEqual([detail['account'], detail['region'], 'aws']);
          const [, , , region, owner] = ('arn' in one.resource.reported ? one.resource.reported.arn : '').split(':');
          if (owner !== '' && one.resource.kind === kinds.vpc) expect([owner, region]).toEqual([one.account, one.region]);
        }
      }),
    );
  });
});

describe('the message with which it comes back', () => {
  const [finding] = readEvent(rule, event(), scope).findings;
  const message = finding && retryMessage({ finding, number: 2 });
  const changed = (change: object) => readMessage(rule, { ...message, finding: { ...message?.finding, ...change } }, scope);

  it('is read as it was written', () => {
    const read = readMessage(rule, JSON.parse(JSON.stringify(message)), scope);
    expect(read && 'finding' in read && retryMessage(read)).toEqual(message);
  });

  it.each<[string, object, string]>([
    ['the id of a finding of Security Hub', { id: 'arn:aws:securityhub:eu-west-1:111122223333:x/finding/y' }, 'contradictory-event'],
    ['a finding to resolve', { securityHub: { id: 'a', productArn: 'b' } }, 'contradictory-event'],
    ['a Config rule', { configRule: 'mine' }, 'contradictory-event'],
    ['parameters that nobody judged by', { parameters: { port: '1' } }, 'contradictory-event'],
    ['reasons', { reasons: ['CONFIG_RECORDER_CUSTOM_ROLE'] }, 'contradictory-event'],
    ['the action of an operator', { action: 'PostureFix' }, 'contradictory-event'],
    ['an id in the place of the ARN', { resource: { type: vpc.type, reported: { configId: 'vpc-1' } } }, 'contradictory-event'],
    ['another account', { account: '444455556666' }, 'contradictory-event'],
    ['another control', { detectedBy: 'EC2.7' }, 'other-control'],
  ])('is refused with %s', (_, change, code) => {
    expect(changed(change)).toMatchObject({ refusal: { kind: 'invalid', code } });
  });
});
