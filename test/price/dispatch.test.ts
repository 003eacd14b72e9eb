import { readFileSync } from 'node:fs';
import path from 'node:path';
import { dispatchDollars, reconcileDollars } from './dispatch';

const page = (name: string) => readFileSync(path.join(__dirname, '../..', name), 'utf8');
const perDay = [10_000, 100_000, 1_000_000];

describe('the documentation', () => {
  it('states the price of the dispatcher', () => {
    for (const count of perDay)
      expect(page('docs/operate.md')).toContain(`| ${count.toLocaleString('en')} | $${Math.ceil(dispatchDollars(count))} |\n`);
    const [least, , most] = perDay.map((count) => `$${Math.ceil(dispatchDollars(count))}`);
    expect(page('README.md')).toContain(`${least} a month for 10,000 changes a day, ${most} for a million`);
  });

  it('states the price of the reconciliation', () => {
    expect(page('docs/operate.md')).toContain(`10,000 open findings costs less than $${Math.ceil(reconcileDollars(10_000))} a month`);
  });
});
