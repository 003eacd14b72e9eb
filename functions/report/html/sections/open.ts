import type { Due } from '../../numbers/deadlines';
import type { Misconfiguration } from '../../numbers/misconfigurations';
import type { Numbers } from '../../numbers/numbers';
import { ages, openDefinition, severities } from '../../numbers/open';
import { rows } from '../charts/rows';
import { foreign, html, type Markup } from '../markup';
import { evidence } from '../table';
import { count, counted, minute } from '../texts';
import { misconfigurationHead, misconfigurationRow } from './outcomes';

export function openSection({ open, misconfigurations }: Numbers): Markup {
  const { bySeverity, overdue, awaitingApproval, deadlineMissed, deadlineSoon, unknownAge, total } = open;
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
  const waits = `${counted(total, 'misconfiguration is', 'misconfigurations are')} open. ${counted(awaitingApproval.length, 'plan waits', 'plans wait')} for an approval. ${counted(deadlineMissed.length, 'deadline', 'deadlines')} of the policy passed, and ${count(deadlineSoon.length)} more ${deadlineSoon.length === 1 ? 'ends' : 'end'} within a day. ${counted(overdue.length, 'one waits', 'wait')} for longer than planned: for an approval that nobody gave in time, or a retry that did not come.`;
  return html`<section aria-labelledby="open"><h2 id="open">Open, waiting and overdue</h2><p>${waits}</p>${chart}${evidence('Deadlines of the policy that passed, the first one first', dueHead, deadlineMissed.map(dueRow))}${evidence('Deadlines of the policy within a day', dueHead, deadlineSoon.map(dueRow))}${evidence('Plans that wait for an approval, the oldest first', deadlineHead, awaitingApproval.map(deadlineRow))}${evidence('What waits for longer than planned, the oldest first', deadlineHead, overdue.map(deadlineRow))}${evidence('Failed', misconfigurationHead, failed)}</section>`;
}

const dueHead = [...misconfigurationHead, 'Owner', 'Deadline (UTC)'];

const dueRow = ({ of: { last }, deadline }: Due): readonly (string | Markup)[] => [
  ...misconfigurationRow(last),
  last.owner === undefined ? '–' : foreign(last.owner),
  minute(deadline),
];

const deadlineHead = [...misconfigurationHead, 'Until (UTC)'];

const deadlineRow = ({ last }: Misconfiguration): readonly (string | Markup)[] => [
  ...misconfigurationRow(last),
  last.until === undefined ? '–' : minute(last.until),
];
