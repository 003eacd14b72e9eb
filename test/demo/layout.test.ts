import * as fc from '../fast-check';
import { columns, wrap } from './print/layout';

const plain = (text: string) => text;

it('breaks lines at spaces and hyphens, and cuts only what is longer than a line', () => {
  expect(wrap('an open data set', 8)).toEqual(['an open', 'data set']);
  expect(wrap('s3-bucket-ssl-requests-only', 17)).toEqual(['s3-bucket-ssl-', 'requests-only']);
  expect(wrap('ModifySnapshotAttribute', 10)).toEqual(['ModifySnap', 'shotAttrib', 'ute']);
  expect(wrap('', 5)).toEqual(['']);
  expect(wrap('!   so', 1)).toEqual(['!', 's', 'o']);
});

it('keeps every letter, and no line is too long', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), fc.integer({ min: 1, max: 20 }), (text, width) => {
      const lines = wrap(text, width);
      expect(lines.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
    }),
    { numRuns: 2000 },
  );
});

it('puts wrapped cells side by side, and paints without shifting them', () => {
  expect(columns(['a b', 'c', 'd\ne'], [1, 2, 1], plain)).toEqual(['a  c   d', 'b      e']);
  expect(columns(['a', 'b'], [3, 1], (text, column) => (column === 0 ? `<${text}>` : text))).toEqual(['<a>    b']);
});
