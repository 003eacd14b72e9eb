import { readEvent } from '../../functions/sources/read-event';
import { role } from '../../rules/iam/role/resource';
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

describe('the principal of a finding', () => {
  const types = ['AttackSequence:IAM/CompromisedCredentials', 'UnauthorizedAccess:IAMUser/TorIPCaller'];
  const of = (resource: Sought['resource']) =>
    ({ id: 'a-response', response: true, detectedBy: { securityHub: [], config: [], guardDuty: { types } }, resource }) as const;
  const [users, roles] = [of(kinds.user), of(role)];
  const plain = (type = types[1]) => guardDutyFinding({ type: type ?? '', resource: resources().user });
  const details = 'detail/resource/accessKeyDetails';
  const actors = 'detail/service/detection/sequence/actors';
  const sequence = guardDutyFinding({ type: types[0] ?? '', resource: resources().user });
  const [actor] = sequence.detail.service.detection?.sequence.actors ?? [];
  const withActors = (...given: unknown[]) => spoil(sequence, actors, given);

  it.each([
    ['IAMUser', 1, 0],
    ['AssumedRole', 0, 1],
    ['Role', 0, 1],
    ['Root', 0, 0],
    ['FederatedUser', 0, 0],
    [undefined, 0, 0],
  ])('of the type %s concerns rules for users %i times, and for roles %i times', (userType, ofUsers, ofRoles) => {
    const event = spoil(plain(), `${details}/userType`, userType);
    expect([users, roles].map((one) => readEvent(one, event, {}).findings.length)).toEqual([ofUsers, ofRoles]);
  });

  it('is named with its key, its id and the time of the last activity, to a response alone', () => {
    const evidence = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', principalId: 'AIDAEXAMPLE', lastSeenAt: '2026-11-20T09:25:00.000Z' };
    expect(readEvent(users, plain(), {}).findings).toMatchObject([{ resource: { reported: { configId: 'jane' } }, evidence }]);
    expect(readEvent({ ...users, response: undefined } as never, plain(), {}).findings[0]).not.toHaveProperty('evidence');
    const unseen = spoil(plain(), 'detail/service/eventLastSeen', undefined);
    expect(readEvent(users, unseen, {}).findings[0]?.evidence?.lastSeenAt).toBe('2026-11-20T09:29:00.123Z');
    const undated = spoil(unseen, 'detail/updatedAt', undefined);
    expect(readEvent(users, undated, {}).findings[0]?.evidence?.lastSeenAt).toBe('2026-11-20T09:30:05.000Z');
  });

  it('signed in without a key, which GuardDuty gives as an empty text', () => {
    const [finding] = readEvent(users, spoil(plain(), `${details}/accessKeyId`, ''), {}).findings;
    expect(finding?.evidence).not.toHaveProperty('accessKeyId');
    expect(readEvent(users, spoil(plain(), `${details}/accessKeyId`, 'a key'), {})).toEqual(refused('ignored', 'malformed-event'));
  });

  it('is the only actor of an attack sequence', () => {
    expect(readEvent(users, sequence, {}).findings).toMatchObject([
      {
        resource: { reported: { configId: 'jane' } },
        evidence: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', principalId: 'AIDAIOSFODNN7EXAMPLE' },
      },
    ]);
    const [twice] = readEvent(
      users,
      withActors(actor, { ...actor, user: { ...actor?.user, credentialUid: 'AKIAI44QH8DHBEXAMPLE' } }),
      {},
    ).findings;
    expect(twice).toMatchObject({ resource: { reported: { configId: 'jane' } } });
    // With two keys, nobody can tell which one to deactivate.
    expect(twice?.evidence).not.toHaveProperty('accessKeyId');
  });

  it.each([
    ['has no actor', withActors()],
    ['has another actor', withActors(actor, { ...actor, user: { ...actor?.user, name: 'mary' } })],
    ['has an actor of another type with the same name', withActors(actor, { ...actor, user: { ...actor?.user, type: 'AssumedRole' } })],
    ['has an actor of another account', withActors({ ...actor, user: { ...actor?.user, account: { uid: '999999999999' } } })],
    ['has actors without credentials', withActors({ id: 'a process' })],
  ])('is nobody where the attack sequence %s', (_, event) => {
    for (const rule of [users, roles]) expect(readEvent(rule, event, {})).toEqual(refused('ignored', 'other-resource-type'));
  });
});
