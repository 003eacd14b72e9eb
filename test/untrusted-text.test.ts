import { sanitize, quote } from '../functions/untrusted-text';
import * as fc from './fast-check';

test.each([
  ['a text', 'eu-west-1', '"eu-west-1"'],
  ['a line break', 'a\nb\r\u2028c', '"abc"'],
  ['a terminal sequence', 'a\u001b[31mb\u0007', '"a[31mb"'],
  ['a change of direction', 'ab\u202Edc\u2066', '"abdc"'],
  ['what has no width', 'a\u200Bb\uFEFF', '"ab"'],
  ['half a character', 'a\uD800b', '"ab"'],
  ['other alphabets', 'naïve 東京 🙂', '"naïve 東京 🙂"'],
  ['a number', 7, '7'],
  ['nothing', undefined, 'missing'],
  ['null', null, 'null'],
  ['a list', [1, 2], 'a list of 2'],
  ['an object', { a: 1 }, 'an object'],
  ['a function', () => 1, 'a function'],
  ['a symbol', Symbol('x'), 'a symbol'],
  ['a large integer', 12n, '12'],
])('%s is quoted so that it can be read', (_, value, expected) => {
  expect(quote(value)).toBe(expected);
});

test('a text of a megabyte is shortened, and its length told', () => {
  expect(quote('x'.repeat(1_000_000))).toBe(`"${'x'.repeat(100)}… (1000000 characters)"`);
});

test('a text is never cut inside a character', () => {
  for (const before of ['', 'x']) expect(sanitize(before + '🙂'.repeat(200), 100)).toMatch(/^x?(🙂){49,50}… \(40[01] characters\)$/);
});

test('a megabyte of control characters leaves none', () => {
  expect(quote('\u0000'.repeat(1_000_000))).toBe('"… (1000000 characters)"');
});

test('nothing that is quoted holds a control character, or is long', () => {
  fc.assert(
    fc.property(
      fc.anything({ withBigInt: true, withSymbol: true } as fc.ObjectConstraints),
      fc.string({ unit: 'binary', maxLength: 400 }),
      (value, text) => {
        for (const quoted of [quote(value), quote(text), sanitize(text)]) {
          expect(quoted).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
          expect(quoted.length).toBeLessThan(140);
        }
      },
    ),
  );
});
