import { controlTitle, type Standard, standards, standardTitles } from '../../../standards/standards';
import { categories, categoryTexts } from '../../category';
import type { Group, RequirementGroup } from '../../numbers/groups';
import type { Numbers } from '../../numbers/numbers';
import { recurrenceDefinition } from '../../numbers/recurrence';
import { rows } from '../charts/rows';
import { fixedShare } from '../fixed-share';
import { foreign, html, type Markup } from '../markup';
import { partsOf } from '../parts';
import { evidence, type Head } from '../table';
import { count } from '../texts';

const maxBars = 12;

export function effectivenessSection({ byStandard, byRequirement, byControl, byRule }: Numbers): Markup {
  const inOrder = standards.flatMap((standard) => byStandard.filter(({ key }) => key === standard));
  const chart = rows(
    'Effectiveness by standard',
    'How the misconfigurations of each standard stand. One that serves several standards counts in each.',
    inOrder.map((group) => ({ label: titleOf(group.key), note: noteOf(group), parts: partsOf(group.counts) })),
    'shares',
  );
  const tables = inOrder.map(({ key }) =>
    evidence(
      `Requirements of ${titleOf(key)}`,
      ['Requirement', 'Controls', ...head.slice(1)],
      byRequirement
        .filter(({ standard }) => standard === key)
        .toSorted((a, b) => a.requirement.localeCompare(b.requirement, 'en', { numeric: true }))
        .map((group) => [group.requirement, foreign(group.controls.map(withTitle).join('; ')), ...rowOf(group).slice(1)]),
    ),
  );
  return html`<section aria-labelledby="effectiveness"><h2 id="effectiveness">Effectiveness of controls</h2>
<p>A control is effective as far as what it finds is fixed, the rule’s own check and the detector agree, and it does not come back. ${recurrenceDefinition}</p>
<h3>By standard</h3>${chart}<h3>Requirements with the most trouble</h3>${worstRequirements(byRequirement)}<h3>All requirements, controls and rules</h3>${tables}${evidence('By control', head, byControl.map(rowOf))}${evidence('By rule', head, byRule.map(rowOf))}</section>`;
}

function worstRequirements(all: readonly RequirementGroup[]): Markup {
  const worst = onceEach(all)
    .filter((group) => troubles(group) > 0)
    .toSorted((a, b) => troubles(b) - troubles(a) || b.found - a.found);
  if (worst.length === 0) return html`<p>No requirement has failed, disputed or rolled-back fixes.</p>`;
  return rows(
    'Requirements with the most trouble',
    `The ${worst.length > maxBars ? `${maxBars} of ${worst.length} ` : ''}requirements with the most failed, disputed and rolled-back fixes.`,
    worst.slice(0, maxBars).map((group) => ({
      label: labelOf(group),
      note: `${count(troubles(group))} of ${count(group.found)} in trouble`,
      parts: partsOf(group.counts),
    })),
    'shares',
  );
}

/** A control that stands for a requirement of several standards is one bar. */
function onceEach(all: readonly RequirementGroup[]): readonly RequirementGroup[] {
  const seen = new Set<string>();
  return all.filter(({ requirement, controls }) => {
    if (!controls.includes(requirement)) return true;
    const isNew = !seen.has(requirement);
    seen.add(requirement);
    return isNew;
  });
}

const labelOf = ({ standard, requirement, controls }: RequirementGroup): string =>
  controls.includes(requirement) ? withTitle(requirement) : `${titleOf(standard)}, ${requirement}`;

const titleOf = (standard: string): string => standardTitles[standard as Standard];

const troubles = ({ counts }: Group): number => counts.failed + counts.disputed + counts['rolled-back'];

const noteOf = (group: Group): string => `${fixedShare(group)} to fix are fixed`;

const withTitle = (control: string): string => {
  const title = controlTitle(control);
  return title === undefined ? control : `${control} ${title}`;
};

const head: readonly Head[] = [
  'Name',
  { number: 'Found' },
  ...categories.map((category) => ({ number: categoryTexts[category].label })),
  { number: 'Fixes' },
  { number: 'Recurred' },
  { number: 'Can still recur' },
  { number: 'Detector disagrees' },
];

const rowOf = ({ key, found, counts, recurrence, detectorDisagrees }: Group): readonly (string | Markup)[] => [
  foreign(key),
  count(found),
  ...categories.map((category) => count(counts[category])),
  count(recurrence.fixes),
  count(recurrence.recurred),
  count(recurrence.stillCan),
  count(detectorDisagrees),
];
