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

it('gives the reason for what is left out on purpose', () => {
  const [first] = controls.filter(inScope);
  const left = { [first?.id ?? '']: 'Its API cannot do it.' };
  const page = indexPage([], coverage([], controls, left), left);
  expect(page).toContain(`| ${first?.id}: ${first?.title} | ${first?.severity} | Its API cannot do it. |`);
  for (const reason of Object.values(omissions)) expect(index).toContain(reason);
});
