import stringWidth from 'string-width';
import { textTable } from '../../functions/cli/print/text-table';
import { csv } from '../../functions/csv';
import { asciiText, chatText, plainText } from '../../functions/notify/neutral';
import { quote } from '../../functions/untrusted-text';
import * as fc from '../fast-check';
import { ofNames } from './forms';

// Legal names, and what services allow in names at worst: breaks, tabs, direction marks, joiners, formulas, links, mentions.
const odd = [
  '=HYPERLINK("http://evil")',
  '\u202Etxt.exe',
  'a\r\nb\tc',
  '@channel <!here> [x](http://evil)',
  '👩‍👩‍👧'.repeat(40),
  '支払い'.repeat(60),
];
const names = [...ofNames.map(({ expected }) => expected), ...odd];
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const name = fc.oneof(
  fc.constantFrom(...names),
  fc.string({ unit: 'grapheme', maxLength: 255 }),
  fc.string({ unit: 'binary', maxLength: 255 }),
);

test('no name makes a line of a narrow terminal too long, or controls it', () => {
  fc.assert(
    fc.property(name, fc.integer({ min: 30, max: 80 }), (given, width) => {
      const lines = textTable(['result', 'by'], [['fix', given]], undefined, width).split('\n');
      for (const line of lines) {
        expect(line).not.toMatch(unsafe);
        // An ARN stays whole, so that it can be copied.
        if (!/^(\S+ +|\s*)\S*arn:\S*$/.test(line)) expect(stringWidth(line)).toBeLessThanOrEqual(width);
      }
    }),
  );
});

test('no name leaves its cell of a table for spreadsheets, or is a formula there', () => {
  fc.assert(
    fc.property(name, (given) => {
      const text = csv(['resource', 'end'], [[given, 'x']]);
      const [, cell = ''] = /\r\n"((?:[^"]|"")*)","x"$/.exec(text) ?? [];
      expect(text.split('\r\n')).toHaveLength(2);
      expect(cell).not.toMatch(/^\s*[=+\-@]/);
      expect(cell).not.toMatch(unsafe);
    }),
  );
});

test('no name is more than one line of text in a mail, a chat or a sentence', () => {
  fc.assert(
    fc.property(name, (given) => {
      for (const text of [plainText(given), chatText(given), quote(given)]) expect(text).not.toMatch(unsafe);
      expect(plainText(given)).not.toContain('://');
      expect(chatText(given)).not.toMatch(/[<>@`*[\]]/);
      expect(asciiText(given)).toMatch(/^[\x20-\x7e]{0,99}$/);
    }),
  );
});
