import { readEvent } from '../../functions/sources/read-event';
import { home, resources } from '../events/resources';
import { accessAnalyzerFinding, guardDutyFinding, macieFinding } from '../events/service-finding';
import { kinds, type Sought } from './sought';

const { bucket, instance } = resources();
const opened = 'Policy:S3/BucketAnonymousAccessGranted';
const attacked = 'UnauthorizedAccess:EC2/SSHBruteForce';
const rule: Sought = {
  id: 'a-rule',
  detectedBy: {
    securityHub: [],
    config: [],
    guardDuty: { types: [opened] },
    macie: ['Policy:IAMUser/S3BucketPublic'],
    accessAnalyzer: ['PublicAccess/AWS::S3::Bucket'],
  },
  resource: kinds.bucket,
};
const ports: Sought = {
  id: 'another-rule',
  detectedBy: { securityHub: [], config: [], guardDuty: { types: [attacked], resourceRole: 'TARGET' } },
  resource: kinds.securityGroup,
};

const events = {
  guardduty: guardDutyFinding({ type: opened, resource: bucket }),
  macie: macieFinding({ type: 'Policy:IAMUser/S3BucketPublic', resource: bucket }),
  'access-analyzer': accessAnalyzerFinding({ resource: bucket }),
} as const;
const ids = {
  guardduty: events.guardduty.detail.arn,
  macie: events.macie.detail.id,
  'access-analyzer': `${events['access-analyzer'].resources[0]}/finding/${events['access-analyzer'].detail.id}`,
} as const;

/** A copy of the event with another value at the path; undefined removes it. */
function spoil(event: object, path: string, value: unknown): object {
  const copy = structuredClone(event);
  const keys = path.split('/');
  const parent = keys.slice(0, -1).reduce<unknown>((from, key) => Reflect.get(from as object, key), copy) as object;
  if (value === undefined) Reflect.deleteProperty(parent, keys.at(-1) ?? '');
  else Reflect.set(parent, keys.at(-1) ?? '', value);
  return copy;
}

const refused = (kind: string, code: string) => ({ findings: [], refusals: [expect.objectContaining({ kind, code })] });

describe.each(Object.entries(events))('an event of %s', (source, event) => {
  it('is a finding of the bucket', () => {
    expect(readEvent(rule, event, {})).toEqual({
      findings: [
        expect.objectContaining({
          ...home,
          id: ids[source as keyof typeof ids],
          source,
          resource: { kind: kinds.bucket, reported: { arn: bucket.arn } },
          sentAt: '2026-11-20T09:30:05.000Z',
        }),
      ],
      refusals: [],
    });
  });

  it('was detected when the finding was created; an unreadable time makes it malformed', () => {
    expect(readEvent(rule, event, {}).findings[0]?.detectedAt).toMatch(/^2026-11-20T09:29:00/);
    expect(readEvent(rule, spoil(event, 'detail/createdAt', undefined), {}).findings[0]?.detectedAt).toBe('2026-11-20T09:30:05.000Z');
    expect(readEvent(rule, spoil(event, 'detail/createdAt', 'Wed Sep 04 16:59:44.356 UTC 2024'), {})).toEqual(
      refused('ignored', 'malformed-event'),
    );
  });

  it.each([
    ['account', '999999999999', 'foreign-account'],
    ['region', 'us-east-1', source === 'macie' ? 'foreign-account' : 'contradictory-event'],
    ['detail/accountId', '999999999999', source === 'guardduty' ? 'contradictory-event' : 'foreign-account'],
    ['detail/region', 'us-east-1', source === 'macie' ? 'foreign-account' : 'contradictory-event'],
  ])('is rejected where %s says otherwise', (path, value, code) => {
    const reading = readEvent(rule, spoil(event, path, value), {});
    expect(reading.findings).toEqual([]);
    expect(reading.refusals[0]).toMatchObject({ kind: 'invalid' });
    if (source !== 'access-analyzer' && path !== 'region') expect(reading.refusals[0]).toMatchObject({ code });
  });

  it.each([
    'detail',
    'detail/accountId',
    'detail/region',
    ...(source === 'guardduty' ? ['detail/arn', 'detail/type', 'detail/resource'] : []),
    ...(source === 'macie' ? ['detail/id', 'detail/type', 'detail/resourcesAffected/s3Bucket'] : []),
    ...(source === 'access-analyzer' ? ['detail/id', 'detail/status', 'detail/resource', 'resources'] : []),
  ])('is ignored without %s, or with another value there', (path) => {
    for (const value of [undefined, null, 7, {}, ['x'], '', '\u0000', 'x'.repeat(5000)])
      expect(readEvent(rule, spoil(event, path, value), {}).findings).toEqual([]);
  });

  it('may come from the central account, which is the administrator, and from no other', () => {
    const foreign = spoil(event, 'account', '999999999999');
    const sent =
      source === 'access-analyzer'
        ? spoil(foreign, 'resources/0', ids[source].replace('111122223333', '999999999999').replace(/\/finding.*/, ''))
        : foreign;
    expect(readEvent(rule, sent, { centralAccount: '999999999999' }).findings).toMatchObject([{ account: '111122223333' }]);
    expect(readEvent(rule, sent, { centralAccount: '888888888888' })).toEqual(refused('invalid', 'foreign-account'));
  });

  it('of another partition than that of the reader is rejected', () => {
    expect(readEvent(rule, event, { partition: 'aws-us-gov' })).toEqual(refused('invalid', 'contradictory-event'));
  });

  it('is not for a rule of another finding type, and not for a rule of another type of resource', () => {
    expect(readEvent({ ...rule, detectedBy: { securityHub: ['S3.8'], config: [] } }, event, {})).toEqual(
      refused('ignored', 'other-finding-type'),
    );
    expect(readEvent({ ...rule, resource: kinds.vpc }, event, {})).toEqual(refused('ignored', 'other-resource-type'));
  });
});

test.each([
  [
    'a sample of GuardDuty',
    spoil(events.guardduty, 'detail/service/additionalInfo', { value: '{"sample":true}', type: 'default' }),
    'sample-finding',
  ],
  ['an older sample of GuardDuty', spoil(events.guardduty, 'detail/service/additionalInfo', { sample: true }), 'sample-finding'],
  ['an archived finding of GuardDuty', spoil(events.guardduty, 'detail/service/archived', true), 'not-active'],
  ['a sample of Macie', spoil(events.macie, 'detail/sample', true), 'sample-finding'],
  ['an archived finding of Macie', spoil(events.macie, 'detail/archived', true), 'not-active'],
  ['an archived finding of an analyzer', spoil(events['access-analyzer'], 'detail/status', 'ARCHIVED'), 'not-active'],
  ['a resolved finding of an analyzer', spoil(events['access-analyzer'], 'detail/status', 'RESOLVED'), 'not-active'],
  ['a deleted resource', spoil(events['access-analyzer'], 'detail/isDeleted', true), 'not-active'],
  ['the access of a known account', spoil(events['access-analyzer'], 'detail/isPublic', false), 'not-failed'],
  ['an error of an analyzer', spoil(events['access-analyzer'], 'detail/isPublic', undefined), 'not-failed'],
])('%s requires no action', (_, event, code) => {
  expect(readEvent(rule, event, {})).toEqual(refused('ignored', code));
});

describe('the role of the resource', () => {
  const group = { type: 'AWS::EC2::SecurityGroup', arn: 'arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0123456789abcdef0' };
  const event = guardDutyFinding({ type: attacked, resource: group });

  it('is the one that the rule is for', () => {
    expect(readEvent(ports, event, {}).findings).toMatchObject([{ resource: { reported: { configId: 'sg-0123456789abcdef0' } } }]);
    expect(readEvent(ports, spoil(event, 'detail/service/resourceRole', 'ACTOR'), {})).toEqual(refused('ignored', 'other-finding-type'));
    expect(readEvent(ports, spoil(event, 'detail/service/resourceRole', undefined), {})).toEqual(refused('ignored', 'other-finding-type'));
    expect(readEvent(ports, spoil(event, 'detail/service/resourceRole', 'BOTH'), {})).toEqual(refused('ignored', 'malformed-event'));
  });

  it('each security group of the instance is a finding of its own, once', () => {
    const groups = ['sg-1', 'sg-2', 'sg-1'].map((groupId) => ({ groupId }));
    const several = spoil(event, 'detail/resource/instanceDetails/networkInterfaces', [
      { securityGroups: groups },
      { securityGroups: groups },
      {},
    ]);
    expect(readEvent(ports, several, {}).findings.map(({ resource }) => resource.reported)).toEqual([
      { configId: 'sg-1' },
      { configId: 'sg-2' },
    ]);
  });

  it('an instance without groups concerns no rule for groups', () => {
    expect(readEvent(ports, guardDutyFinding({ type: attacked, resource: instance }), {})).toEqual(
      refused('ignored', 'other-resource-type'),
    );
  });
});

test.each([
  ['in another account', 'arn:aws:s3:eu-west-1:999999999999:invoices'],
  ['in another partition', 'arn:aws-cn:s3:::invoices'],
])('a bucket %s is rejected', (_, arn) => {
  expect(readEvent(rule, guardDutyFinding({ type: opened, resource: { ...bucket, arn } }), {})).toEqual(
    refused('invalid', 'contradictory-event'),
  );
});
