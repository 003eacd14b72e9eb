import { arnFits, matchesWildcard } from '../../rules/wildcard';
import { ends } from '../ends';
import * as fc from '../fast-check';

it.each([
  ['arn:aws:s3:::b/key', 'arn:aws:s3:::b/*'],
  ['arn:aws:s3:::b/', 'arn:aws:s3:::b/*'],
  ['arn:aws:s3:::b', '*'],
  ['arn:aws:s3:::b', 'arn:*:s3:::?'],
  ['abcabc', '*abc'],
  ['', ''],
  ['', '**'],
])('%p fits %p', (text, pattern) => expect(matchesWildcard(text, pattern)).toBe(true));

it.each([
  ['arn:aws:s3:::b', 'arn:aws:s3:::b/*'],
  ['arn:aws:s3:::other', 'arn:aws:s3:::b*'],
  ['abcab', '*abc'],
  ['a', '?a'],
  ['a.b', 'a?b?'],
  ['B', 'b'],
  ['', '?'],
])('%p does not fit %p', (text, pattern) => expect(matchesWildcard(text, pattern)).toBe(false));

it('agrees with a regular expression', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 8 });
  const patterns = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '?'), maxLength: 8 });
  fc.assert(
    fc.property(letters, patterns, (text, pattern) => {
      const source = pattern.replace(/[.*?]/g, (sign) => ({ '.': '\\.', '*': '.*', '?': '.' })[sign] ?? '');
      expect(matchesWildcard(text, pattern)).toBe(new RegExp(`^${source}$`).test(text));
    }),
    { numRuns: 2000 },
  );
});

it('is not slowed down by many stars', () => {
  expect(ends(() => matchesWildcard('a'.repeat(200), `${'*a'.repeat(150)}*b`))).toBe(false);
});

describe('the pattern of an ARN', () => {
  const topic = 'arn:aws:sns:eu-west-1:111122223333:orders:0a-1b';

  it.each([topic, 'arn:aws:sns:*:111122223333:*', 'arn:*:s?s:eu-*:*:orders*', 'arn:aws:sns:eu-west-1:111122223333:*:0a-1b'])(
    '%s fits',
    (pattern) => expect(arnFits(topic, pattern)).toBe(true),
  );

  it.each([
    '*',
    'arn:aws:sns:*:orders:0a-1b',
    'arn:aws:sns:*',
    'arn:aws:sns:eu-west-1:111122223333',
    'arn:aws:sns:eu-west-1:111122223333:orders',
    'arn:aws:*:eu-west-1:111122223333:orders',
  ])('%s does not', (pattern) => expect(arnFits(topic, pattern)).toBe(false));

  it('fits no ARN of another account, whatever its wildcards elsewhere', () => {
    const part = fc.constantFrom('*', '?*', 'aws', '');
    fc.assert(
      fc.property(part, part, part, part, (a, b, c, d) => {
        expect(arnFits('arn:aws:s3:::theirs:111122223333:x', ['arn', a, b, c, '111122223333', d].join(':'))).toBe(false);
      }),
    );
  });
});
