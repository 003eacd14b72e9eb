import { isWellFormed } from './obstacle-code';

it.each([
  ['no-https-listener', true],
  ['replica', true],
  ['imds-v1-in-use', true],
  ['', false],
  ['No HTTPS listener', false],
  ['noHttpsListener', false],
  ['no_https_listener', false],
  ['-no-listener', false],
  ['no--listener', false],
  ['instance-profile-undefined'.repeat(2), false],
])('the code %j of an obstacle is well-formed: %s', (code, expected) => {
  expect(isWellFormed({ blocked: 'It is being modified.', code })).toBe(expected);
});
