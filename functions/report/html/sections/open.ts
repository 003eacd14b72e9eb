import type { Misconfiguration } from '../../numbers/misconfigurations';
import type { Numbers } from '../../numbers/numbers';
import { ages, openDefinition, severities } from '../../numbers/open';
import { rows } from '../charts/rows';
import { html, type Markup } from '../markup';
import { evidence } from '../table';
import { count, counted, minute } from '../texts';
import { misconfigurationHead, misconfigurationRow } from './outcomes';

export function openSection({ open, misconfigurations }: Numbers): Markup {
  const { bySeverity, overdue, awaitingApproval, unknownAge, total } = open;
  const unknown = unknownAge > 0 ? ` Of ${count(unknownAge)}, the age is unknown.` : '';
  const chart = rows(
    'What is open, by age and severity',
    `${openDefinition}${unknown}`,
    ages.map(({ label }, index) => {
      const parts = severities.map((severity) => ({ className: severity, label: severity, value: bySeverity[severity][index] ?? 0 }));
      return { label, note: count(parts.reduce((sum, { value }) => sum + value, 0)), parts };
    }),
    'counts',
  );
  const failed = misconfigurations.filter(({ category }) => category === 'failed').map(({ last }) => misconfigurationRow(last));
  const waits = `${counted(total, 'misconfiguration is', 'misconfigurations are')} open. ${counted(awaitingApproval.length, 'plan waits', 'plans wait')} for an approval. ${counted(overdue.length, 'deadline is', 'deadlines are')} over: of an approval that nobody gave, or a retry that did not come.`;
  return html`<section aria-labelledby="open"><h2 id="open">Open, waiting and overdue</h2><p>${waits}</p>${chart}${evidence('Plans that wait for an approval, the oldest first', deadlineHead, awaitingApproval.map(deadlineRow))}${evidence('Overdue, the oldest first', deadlineHead, overdue.map(deadlineRow))}${evidence('Failed', misconfigurationHead, failed)}</section>`;
}

const deadlineHead = [...misconfigurationHead, 'Until (UTC)'];

const deadlineRow = ({ last }: Misconfiguration): readonly (string | Markup)[] => [
  ...misconfigurationRow(last),
  last.until === undefined ? '–' : minute(last.until),
];
