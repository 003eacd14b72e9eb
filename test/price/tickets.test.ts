import { readFileSync } from 'node:fs';
import path from 'node:path';
import { outcomeDollars, restDollars } from './tickets';

it('the documentation states the price of tickets', () => {
  const page = readFileSync(path.join(__dirname, '../../docs/operate.md'), 'utf8');
  expect(page).toContain(`| A month at rest | $${Math.ceil(restDollars())} |\n`);
  expect(page).toContain(`| 100,000 outcomes with a ticket | $${Math.ceil(outcomeDollars(100_000))} |\n`);
});
