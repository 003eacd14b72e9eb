import { isObject, type JsonObject } from '../../rules/json';
import { close } from '../../rules/public-statements';
import type { Json } from '../../rules/rule';
import * as fc from '../fast-check';
import { holds, type Request, stranger } from './stranger';

const everybody = { Sid: 'everybody', Effect: 'Allow', Principal: '*', Action: 'sns:Publish', Resource: '*' } satisfies JsonObject;
const partner = { Sid: 'partner', Effect: 'Allow', Principal: { AWS: '444455556666' }, Action: 'sns:Publish', Resource: '*' };

describe('a policy is closed by taking out', () => {
  it.each<[string, JsonObject]>([
    ['everybody', {}],
    ['every AWS principal', { Principal: { AWS: '*' } }],
    ['everybody but one', { Principal: undefined, NotPrincipal: { AWS: '444455556666' } }],
    ['everybody, with an empty condition', { Condition: {} }],
    ['everybody who uses TLS', { Condition: { Bool: { 'aws:SecureTransport': 'true' } } }],
    ['everybody of any account', { Condition: { StringLike: { 'aws:SourceAccount': '*' } } }],
    ['every topic', { Condition: { ArnLike: { 'aws:SourceArn': ['arn:aws:sns:eu-west-1:111122223333:a', '*'] } } }],
    ['every address', { Condition: { IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } } }],
    ['every address of IPv6', { Condition: { IpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '::/0'] } } }],
    [
      'everybody who uses TLS, from anywhere',
      { Condition: { Bool: { 'aws:SecureTransport': true }, ArnEquals: { 'aws:SourceArn': '*' } } },
    ],
  ])('%s', (_, over) => expect(close([partner, { ...everybody, ...over }])).toEqual({ left: [partner] }));

  it.each<[string, JsonObject, Json]>([
    ['a named account', { Principal: { AWS: ['*', '444455556666'] } }, { AWS: ['444455556666'] }],
    ['a service', { Principal: { AWS: '*', Service: 'events.amazonaws.com' } }, { Service: 'events.amazonaws.com' }],
    ['a role, where a name is empty', { Principal: { AWS: ['', 'arn:aws:iam::1:role/r'] } }, { AWS: ['arn:aws:iam::1:role/r'] }],
  ])('everybody, but not %s beside', (_, over, Principal) => {
    expect(close([{ ...everybody, ...over }])).toEqual({ left: [{ ...everybody, Principal }] });
  });

  it.each<[string, JsonObject]>([
    ['without TLS', { Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
    ['of one account', { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalAccount': '444455556666' } } }],
    ['that is named', { Principal: { AWS: '444455556666' }, Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } }],
    ['whoever it is', { Principal: '*' }],
  ])('everybody, beside a denial for everybody %s', (_, over) => {
    const denial = { ...everybody, Sid: 'denial', Effect: 'Deny', ...over };
    expect(close([everybody, denial])).toEqual({ left: [denial] });
  });

  it('what is clear, beside what is not', () => {
    const unclear = { ...everybody, Condition: { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } } };
    expect(close([unclear, everybody])).toEqual({ left: [unclear] });
  });
});

describe('a policy is closed already that lets in', () => {
  it.each<[string, JsonObject]>([
    ['nobody', { Effect: 'Deny' }],
    ['a service', { Principal: { Service: 's3.amazonaws.com' } }],
    ['its own account, as SNS says it', { Condition: { StringEquals: { 'AWS:SourceOwner': '111122223333' } } }],
    ['an account in any letters', { Condition: { StringEqualsIgnoreCase: { 'aws:SourceAccount': '111122223333' } } }],
    ['an organization', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } }],
    ['a bucket', { Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::uploads' } } }],
    ['a topic', { Condition: { ArnEquals: { 'aws:SourceArn': ['arn:aws:sns:eu-west-1:111122223333:a'] } } }],
  ])('%s', (_, over) => expect(close([{ ...everybody, ...over }])).toBe('closed'));
});

describe('nobody can tell who is let in by', () => {
  it.each<[string, Json]>([
    ['addresses', { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } }],
    ['an address that ends in a zero', { IpAddress: { 'aws:SourceIp': ['10.0.0.0', '192.0.2.0/30'] } }],
    ['an owner that is no account', { StringEquals: { 'aws:SourceOwner': 'ann' } }],
    ['a caller that is no account', { StringEquals: { 'kms:CallerAccount': '1111' } }],
    ['no account of a list', { StringEquals: { 'aws:SourceAccount': [] } }],
    ['an endpoint that is none', { StringEquals: { 'aws:SourceVpce': 'vpce-ours' } }],
    ['buckets of a name but for a letter', { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::upload?' } }],
    ['the topics of an account', { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:111122223333:*' } }],
    ['the roles of an account', { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/*' } }],
    ['a part of an organization', { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-a1b2c3d4e5/r-ab12/*' } }],
    ['what is no ARN', { StringEquals: { 'aws:SourceArn': 'uploads' } }],
    ['buckets of a name', { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::uploads-*' } }],
    ['an ARN with a variable', { ArnLike: { 'aws:SourceArn': `arn:aws:s3:::\${aws:username}` } }],
    ['a bucket, if there is one', { ArnLikeIfExists: { 'aws:SourceArn': 'arn:aws:s3:::uploads' } }],
    ['an owner of any account of a kind', { StringLike: { 'AWS:SourceOwner': '1111*' } }],
    ['a star that is no wildcard', { StringEquals: { 'aws:SourceAccount': '*' } }],
    ['a subscription', { StringLike: { 'sns:Endpoint': '*@example.com' } }],
    ['a condition that is none', 'everybody'],
    ['a test that is none', { StringEquals: 'everybody' }],
  ])('%s', (_, Condition) => {
    expect(close([partner, { ...everybody, Condition }])).toEqual({
      unfixable: expect.stringMatching(/public access with a condition \("everybody"\)/),
      code: 'condition-not-recognized',
    });
  });

  it.each<[string, JsonObject]>([
    ['a denial of all but an organization', { Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } }],
    ['a denial of all but an account', { Principal: undefined, NotPrincipal: { AWS: '444455556666' } }],
  ])('%s', (_, over) => {
    expect(close([everybody, { ...everybody, Effect: 'Deny', ...over }])).toEqual({
      unfixable: expect.stringContaining('with a Deny statement'),
      code: 'deny-with-exceptions',
    });
  });
});

it.each<[string, JsonObject]>([
  ['a role', { Principal: { AWS: ['AROACKCEVSQ6C2EXAMPLE'] } }],
  ['a user', { Principal: { AWS: 'AIDACKCEVSQ6C2EXAMPLE' } }],
  ['a user in a denial', { Effect: 'Deny', Principal: { AWS: ['444455556666', 'AIDACKCEVSQ6C2EXAMPLE'] } }],
  ['a role that alone is not let in', { Principal: undefined, NotPrincipal: { AWS: ['AROACKCEVSQ6C2EXAMPLE'] } }],
])('leaves alone a policy that could not be put back, as it names %s that was deleted', (_, over) => {
  expect(close([everybody, { ...partner, ...over }])).toEqual({
    unfixable: expect.stringMatching(/names A(IDA|ROA)CKCEVSQ6C2EXAMPLE/),
    code: 'deleted-principal-in-policy',
  });
});

it('never lets in more than before, keeps every denial and whoever is named, and has nothing to do a second time', () => {
  const principal = fc.constantFrom<Json>(
    '*',
    { AWS: '*' },
    { AWS: ['*', '444455556666'] },
    { AWS: '444455556666' },
    { Service: 's3.amazonaws.com' },
  );
  const condition = fc.constantFrom<Json | undefined>(
    undefined,
    { Bool: { 'aws:SecureTransport': 'false' } },
    { StringEquals: { 'aws:SourceAccount': '111122223333' } },
    { StringLike: { 'aws:SourceAccount': '*' } },
  );
  const statement = fc.record({ Sid: fc.uuid(), Effect: fc.constantFrom('Allow', 'Deny'), Principal: principal, Condition: condition });
  fc.assert(
    fc.property(fc.array(statement, { maxLength: 5 }), (statements) => {
      const closing = close(statements);
      if (closing === 'closed' || 'unfixable' in closing) return;
      const { left } = closing;
      expect(close(left)).toBe('closed');
      for (const one of left) {
        const before = statements.find(({ Sid }) => Sid === one.Sid);
        expect({ ...one, Principal: before?.Principal }).toEqual(before);
      }
      const names = (list: readonly JsonObject[]) =>
        list.filter(({ Principal }) => isObject(Principal) && JSON.stringify(Principal).includes('4444'));
      expect(names(left).map(({ Sid }) => Sid)).toEqual(names(statements).map(({ Sid }) => Sid));
      const denials = (list: readonly JsonObject[]) => list.filter(({ Effect }) => Effect === 'Deny');
      expect(denials(left)).toEqual(denials(statements));
    }),
  );
});

describe('whatever the condition', () => {
  const values = [
    '111122223333',
    '1111*',
    '*',
    'o-a1b2c3d4e5',
    'o-*',
    'o-a1b2c3d4e5/*',
    'arn:aws:sns:eu-west-1:111122223333:a',
    'arn:aws:iam::111122223333:role/*',
    'arn:aws:s3:::*:111122223333:a',
    'arn:aws:s3:::ours',
    'vpce-0a0a0a0a',
    'vpce-*',
    '0.0.0.0/0',
    'true',
    'false',
  ];
  const operators = ['', 'ForAnyValue:', 'ForAllValues:'].flatMap((set) =>
    [
      'StringEquals',
      'StringNotEquals',
      'StringEqualsIgnoreCase',
      'StringLike',
      'StringNotLike',
      'ArnLike',
      'ArnEquals',
      'ArnNotLike',
      'IpAddress',
      'Bool',
    ].flatMap((name) => [`${set}${name}`, `${set}${name}IfExists`]),
  );
  const value = fc.oneof(fc.constantFrom(...values), fc.subarray(values));
  const tested = fc.dictionary(fc.constantFrom(...Object.keys(stranger), 'AWS:SourceAccount'), value, {
    minKeys: 1,
    maxKeys: 2,
  });
  const condition = fc.dictionary(fc.constantFrom(...operators, 'Null'), tested, { minKeys: 1, maxKeys: 2 });
  const request = fc.subarray(Object.entries(stranger)).map((said): Request => Object.fromEntries(said));

  it('calls no policy closed that lets a stranger in, whatever his request says of itself', () => {
    let closed = 0;
    fc.assert(
      fc.property(condition, request, (Condition, said) => {
        if (close([{ ...everybody, Condition }]) !== 'closed') return;
        closed += 1;
        expect(holds(Condition, said)).toBe(false);
      }),
      { numRuns: 20_000 },
    );
    expect(closed).toBeGreaterThan(20);
  });

  it('takes out no statement that keeps a stranger out', () => {
    let taken = 0;
    fc.assert(
      fc.property(condition, (Condition) => {
        const closing = close([{ ...everybody, Condition }]);
        // Whether TLS is used is the stranger's own choice.
        if (closing === 'closed' || 'unfixable' in closing || /securetransport/i.test(JSON.stringify(Condition))) return;
        taken += 1;
        expect(holds(Condition, stranger)).toBe(true);
      }),
      { numRuns: 20_000 },
    );
    expect(taken).toBeGreaterThan(20);
  });
});
