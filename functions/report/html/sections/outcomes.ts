import { categories, categoryTexts } from '../../category';
import type { Facts } from '../../facts';
import type { Numbers } from '../../numbers/numbers';
import { columns } from '../charts/columns';
import { foreign, html, type Markup } from '../markup';
import { partsOf } from '../parts';
import { evidence } from '../table';
import { count, minute } from '../texts';

export function outcomesSection({ timeline, misconfigurations }: Numbers): Markup {
  const { unit, buckets } = timeline;
  const chart = columns(
    `Outcomes by ${unit}`,
    `Remediations by the ${unit} of their last outcome${unit === 'week' ? ', from Monday' : ''}, in UTC.`,
    buckets.map(({ from, counts }) => ({ label: from, parts: partsOf(counts) })),
  );
  const used = categories.filter((category) => buckets.some(({ counts }) => counts[category] > 0));
  const numbers = evidence(
    `Outcomes by ${unit}`,
    [`First day of the ${unit}`, ...used.map((category) => ({ number: categoryTexts[category].label }))],
    buckets.map(({ from, counts }) => [from, ...used.map((category) => count(counts[category]))]),
  );
  const latest = misconfigurations.map(({ last }) => last).toSorted((a, b) => b.at - a.at);
  const all = evidence('All misconfigurations, the newest outcome first', misconfigurationHead, latest.map(misconfigurationRow));
  return html`<section aria-labelledby="outcomes"><h2 id="outcomes">Outcomes over time</h2>${chart}${numbers}${all}</section>`;
}

/** The columns of tables that list misconfigurations. */
export const misconfigurationHead = ['Resource', 'Rule', 'Account', 'Severity', 'Outcome', 'Time (UTC)', 'Reason', 'Remediation'] as const;

export const misconfigurationRow = (last: Facts): readonly (string | Markup)[] => [
  foreign(last.resource),
  last.rule,
  last.account,
  last.severity,
  last.outcome,
  minute(last.at),
  foreign(last.reason),
  html`<code>${last.remediation}</code>`,
];
