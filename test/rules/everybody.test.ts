import { isAboutEverybody, withoutEverybody } from '../../rules/everybody';
import type { JsonObject } from '../../rules/json';

it.each<[string, JsonObject]>([
  ['a star', { Principal: '*' }],
  ['every AWS principal', { Principal: { AWS: '*' } }],
  ['a star in a list', { Principal: { AWS: ['444455556666', '*'] } }],
  ['every service beside an account', { Principal: { AWS: '444455556666', Service: '*' } }],
  ['a wildcard in an ARN', { Principal: { AWS: 'arn:aws:iam::444455556666:role/*' } }],
  ['an empty name', { Principal: { AWS: '' } }],
  ['what is no name', { Principal: { AWS: [7] } }],
  ['no principal but one', { NotPrincipal: { AWS: '444455556666' } }],
])('%s is everybody', (_, statement) => expect(isAboutEverybody(statement)).toBe(true));

it.each<[string, JsonObject]>([
  ['an account', { Principal: { AWS: '444455556666' } }],
  ['a role', { Principal: { AWS: ['arn:aws:iam::444455556666:role/r'] } }],
  ['a service', { Principal: { Service: 's3.amazonaws.com' } }],
  ['no name', { Principal: { AWS: [] } }],
])('%s is not', (_, statement) => expect(isAboutEverybody(statement)).toBe(false));

it('keeps who is named, as it is written, and all else of the statement', () => {
  const rest = { Sid: 'a', Effect: 'Allow', Action: 'sns:Publish' };
  expect(
    withoutEverybody({ ...rest, Principal: { AWS: ['*', '444455556666', ''], Service: 's3.amazonaws.com', Federated: ['*'] } }),
  ).toEqual({
    ...rest,
    Principal: { AWS: ['444455556666'], Service: 's3.amazonaws.com' },
  });
  for (const Principal of ['*', { AWS: '*' }, { AWS: ['*', 'arn:aws:iam::444455556666:role/*'] }, undefined])
    expect(withoutEverybody({ ...rest, Principal })).toBeUndefined();
});
