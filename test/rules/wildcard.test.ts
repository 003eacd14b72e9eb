import fc from 'fast-check';
import { fits } from '../../rules/wildcard';

it.each([
  ['arn:aws:s3:::b/key', 'arn:aws:s3:::b/*'],
  ['arn:aws:s3:::b/', 'arn:aws:s3:::b/*'],
  ['arn:aws:s3:::b', '*'],
  ['arn:aws:s3:::b', 'arn:*:s3:::?'],
  ['abcabc', '*abc'],
  ['', ''],
  ['', '**'],
])('%p fits %p', (text, pattern) => expect(fits(text, pattern)).toBe(true));

it.each([
  ['arn:aws:s3:::b', 'arn:aws:s3:::b/*'],
  ['arn:aws:s3:::other', 'arn:aws:s3:::b*'],
  ['abcab', '*abc'],
  ['a', '?a'],
  ['a.b', 'a?b?'],
  ['B', 'b'],
  ['', '?'],
])('%p does not fit %p', (text, pattern) => expect(fits(text, pattern)).toBe(false));

it('agrees with a regular expression', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 8 });
  const patterns = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '?'), maxLength: 8 });
  fc.assert(
    fc.property(letters, patterns, (text, pattern) => {
      const source = pattern.replace(/[.*?]/g, (sign) => ({ '.': '\\.', '*': '.*', '?': '.' })[sign] ?? '');
      expect(fits(text, pattern)).toBe(new RegExp(`^${source}$`).test(text));
    }),
    { numRuns: 2000 },
  );
});

it('is not slowed down by many stars', () => {
  const start = Date.now();
  expect(fits('a'.repeat(200), `${'*a'.repeat(150)}*b`)).toBe(false);
  expect(Date.now() - start).toBeLessThan(200);
});
