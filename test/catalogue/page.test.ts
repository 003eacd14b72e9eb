import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadRules } from '../../functions/catalogue/catalogue';
import { format } from './markdown';

it('has a catalogue page that is not stale', () => {
  expect(readFileSync(join(__dirname, '../../rules/README.md'), 'utf8')).toBe(format(loadRules()));
});

it('shows every rule with its controls, permissions and parameters', () => {
  const page = format(loadRules());
  for (const { rule } of loadRules()) {
    expect(page).toContain(`## ${rule.id}\n`);
    for (const control of rule.detectedBy.securityHub) expect(page).toContain(control);
    expect(page).toContain(rule.impact);
  }
});
