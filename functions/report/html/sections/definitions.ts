import { categories, categoryTexts } from '../../category';
import { deadlineDefinition } from '../../numbers/deadlines';
import { measureDefinitions, measures } from '../../numbers/measures';
import { openDefinition } from '../../numbers/open';
import { ownerDefinition } from '../../numbers/owners';
import { recurrenceDefinition } from '../../numbers/recurrence';
import { html, type Markup } from '../markup';

const terms: readonly (readonly [string, string])[] = [
  [
    'Misconfiguration',
    'One resource that doesn’t satisfy one rule. Several reports of it in the period count once, and its last outcome says how it stands; a further report of what is fixed already says nothing new.',
  ],
  [
    'Remediation',
    'What the app did about one report: from the finding to the outcome. It counts in the period in which its last outcome was written.',
  ],
  ['Severity', 'The severity of the rule in the catalogue.'],
  [
    'Median, p90, n',
    'Half of the n known cases took no longer than the median; nine of ten took no longer than p90. Cases with a missing or contradictory time are counted as unknown.',
  ],
  ['Open', openDefinition],
  ['Deadline', deadlineDefinition],
  ['Owner', ownerDefinition],
  ['Recurred', recurrenceDefinition],
  [
    'Requirement',
    'The number that the standard gives it, where AWS publishes it; otherwise the control of Security Hub that stands for it. What AWS Config reported counts for all controls of its rule.',
  ],
  ...categories.map((category) => [categoryTexts[category].label, categoryTexts[category].meaning] as const),
  ...measures.map((measure) => [measureDefinitions[measure].title, measureDefinitions[measure].definition] as const),
];

export const definitionsSection = (): Markup =>
  html`<section aria-labelledby="definitions"><h2 id="definitions">Definitions</h2><dl>${terms.map(([term, meaning]) => html`<dt>${term}</dt><dd>${meaning}</dd>`)}</dl></section>`;
