import { categories, categoryTexts } from '../../category';
import type { Numbers } from '../../numbers/numbers';
import { rows } from '../charts/rows';
import { fixedShare } from '../fixed-share';
import { html, type Markup } from '../markup';
import { partsOf } from '../parts';
import { evidence } from '../table';
import { count } from '../texts';

const maxBars = 15;

export function accountsSection({ byAccount }: Numbers): Markup {
  const chart = rows(
    'Misconfigurations by account',
    byAccount.length > maxBars
      ? `The ${maxBars} of ${byAccount.length} accounts with the most misconfigurations.`
      : 'All accounts in which something was reported.',
    byAccount.slice(0, maxBars).map((group) => ({
      label: group.key,
      note: `${count(group.found)} found, ${fixedShare(group)} to fix are fixed`,
      parts: partsOf(group.counts),
    })),
    'counts',
  );
  const numbers = evidence(
    'Misconfigurations by account',
    ['Account', { number: 'Found' }, ...categories.map((category) => ({ number: categoryTexts[category].label }))],
    byAccount.map(({ key, found, counts }) => [key, count(found), ...categories.map((category) => count(counts[category]))]),
  );
  return html`<section aria-labelledby="accounts"><h2 id="accounts">Accounts</h2>${chart}${numbers}</section>`;
}
