import { readFileSync } from 'node:fs';
import path from 'node:path';
import { sweepDollars } from './sweep';

const page = (name: string) => readFileSync(path.join(__dirname, '../..', name), 'utf8');
const perDay = [10_000, 100_000, 1_000_000];

it('the documentation states the price of the sweep', () => {
  for (const count of perDay)
    expect(page('docs/operate.md')).toContain(`| ${count.toLocaleString('en')} checks | $${Math.ceil(sweepDollars(count))} |\n`);
  expect(page('README.md')).toContain(`10,000 checks a day cost $${Math.ceil(sweepDollars(10_000))} a month`);
});
