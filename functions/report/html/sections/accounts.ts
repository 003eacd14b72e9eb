import { categories, categoryTexts } from '../../category';
import type { Group } from '../../numbers/groups';
import type { Numbers } from '../../numbers/numbers';
import { rows } from '../charts/rows';
import { fixedShare } from '../fixed-share';
import { foreign, html, type Markup } from '../markup';
import { partsOf } from '../parts';
import { evidence } from '../table';
import { count } from '../texts';

const maxBars = 15;

export function accountsSection({ byAccount, byOwner }: Numbers): Markup {
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
  return html`<section aria-labelledby="accounts"><h2 id="accounts">Accounts and owners</h2>${chart}${numbersBy('account', byAccount)}${numbersBy('owner', byOwner)}</section>`;
}

const numbersBy = (name: string, groups: readonly Group[]): Markup =>
  evidence(
    `Misconfigurations by ${name}`,
    [
      `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
      { number: 'Found' },
      ...categories.map((category) => ({ number: categoryTexts[category].label })),
    ],
    groups.map(({ key, found, counts }) => [foreign(key), count(found), ...categories.map((category) => count(counts[category]))]),
  );
