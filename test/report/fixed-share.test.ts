import { categories } from '../../functions/report/category';
import { fixedShare } from '../../functions/report/html/fixed-share';

const counts = (change: object) => ({ ...Object.fromEntries(categories.map((one) => [one, 0])), ...change }) as never;

it.each([
  ['is of what there was to fix', { found: 77, counts: counts({ fixed: 38, exempt: 6, compliant: 25 }) }, '83 % of 46'],
  ['is never all of what is not all', { found: 1000, counts: counts({ fixed: 999 }) }, '> 99 % of 1,000'],
])('the share of the fixed ones %s', (_, group, expected) => expect(fixedShare(group)).toBe(expected));
