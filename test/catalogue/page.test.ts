import { loadRules } from '../../functions/catalogue/catalogue';
import { controls } from './controls';
import { coverage } from './coverage';
import { indexPage } from './markdown/index-page';
import { omissions } from './omissions';
import { pages, stalePages } from './pages';
import { inScope } from './scope';

const entries = loadRules();
const written = pages(entries);
const index = written.get('README.md') ?? '';

it('has catalogue pages that are not stale', () => {
  expect(stalePages(written)).toEqual([]);
});

it('shows every rule with its controls, permissions and parameters', () => {
  for (const { rule, service } of entries) {
    const page = written.get(`${service}/README.md`) ?? '';
    expect(index).toContain(`[${rule.id}](${service}/README.md#${rule.id})`);
    expect(page).toContain(`## ${rule.id}\n`);
    for (const control of rule.detectedBy.securityHub) expect(page).toContain(control);
    expect(page).toContain(rule.impact);
    if (rule.property) expect(page).toContain(rule.property);
  }
});

it('names every control: its rule, or why it has none', () => {
  const names = new Set(index.match(/\b[A-Za-z0-9]+\.\d+\b/g));
  expect(controls.map(({ id }) => id).filter((id) => !names.has(id))).toEqual([]);
});

it.each(['severities.md', 'standards.md'])('says of every control on the page %s by which rule it is fixed, or why not', (page) => {
  const lines = (written.get(page) ?? '').split('\n').filter((line) => line.startsWith('| ') && !line.includes(' Fixed by |'));
  for (const { id, title } of controls) {
    const rules = entries.filter(({ rule }) => rule.detectedBy.securityHub.includes(id));
    const own = lines.filter((line) => line.includes(`| ${id}: ${title} |`));
    expect(own.length).toBeGreaterThan(0);
    for (const line of own) {
      for (const { rule } of rules) expect(line).toContain(`#${rule.id})`);
      if (rules.length === 0) expect(line).toMatch(/\| no rule: .+ \|$/);
    }
  }
});

it('orders what a standard requires by its numbers', () => {
  const [, cis = ''] = (written.get('standards.md') ?? '').split('## CIS AWS Foundations Benchmark 5.0.0\n');
  const numbers = [...(cis.split('\n## ')[0]?.matchAll(/^\| (\d[\d.]*)/gm) ?? [])].map(([, number]) => number);
  expect(numbers.length).toBeGreaterThan(30);
  expect(numbers.indexOf('1.9')).toBeLessThan(numbers.indexOf('1.11'));
});

it('gives the reason for what is left out on purpose', () => {
  const [first] = controls.filter(inScope);
  const left = { [first?.id ?? '']: 'Its API cannot do it.' };
  const page = indexPage([], coverage([], controls, left), left);
  expect(page).toContain(`| ${first?.id}: ${first?.title} | ${first?.severity} | Its API cannot do it. |`);
  for (const reason of Object.values(omissions)) expect(index).toContain(reason);
});
