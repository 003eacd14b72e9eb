import type { CatalogueEntry } from '../../../functions/catalogue/catalogue';
import type { Control } from '../controls';
import { requirementsOf, standardsOf, titles } from '../standards';
import { reasonOf } from './not-fixed';
import { table } from './table';

export type Entry = Pick<CatalogueEntry, 'rule' | 'service'>;

/** The rules that fix a control, or why no rule does. */
type Answer = (control: Control) => string;

/** The controls of each severity, and the rules that fix them. */
export function severitiesPage(entries: readonly Entry[], controls: readonly Control[]): string {
  const answer = answers(entries);
  return page(
    'Controls by severity',
    (['critical', 'high', 'medium', 'low'] as const).map((severity) => ({
      title: `${severity[0]?.toUpperCase()}${severity.slice(1)}`,
      lines: table(
        ['Control', 'Fixed by'],
        controls.filter((one) => one.severity === severity).map((control) => [nameOf(control), answer(control)]),
      ),
    })),
  );
}

/** The controls of each standard, with the numbers of its requirements if they are known, and the rules that fix them. */
export function standardsPage(entries: readonly Entry[], controls: readonly Control[]): string {
  const answer = answers(entries);
  const ofStandards = Object.entries(titles).map(([standard, title]) => {
    const own = controls.filter((one) => standardsOf(one).includes(standard));
    const numbered = own.some((one) => requirementsOf(one, standard).length > 0);
    return { title, lines: numbered ? numberedRows(own, standard, answer) : rows(own, answer) };
  });
  const others = controls.filter((one) => standardsOf(one).length === 0);
  return page('Controls by standard', [...ofStandards, { title: 'Not in any standard', lines: rows(others, answer) }]);
}

const answers = (entries: readonly Entry[]): Answer => {
  return (control) => {
    const rules = entries.filter(({ rule }) => rule.detectedBy.securityHub.includes(control.id));
    if (rules.length === 0) return `no rule: ${reasonOf(control).toLowerCase()}`;
    return rules.map(({ rule: { id }, service }) => `[${id}](${service}/README.md#${id})`).join(', ');
  };
};

const page = (title: string, sections: readonly { readonly title: string; readonly lines: readonly string[] }[]): string =>
  [
    `# ${title}`,
    '',
    'Generated from the rules by `npm run rules:page`. Do not edit this page. See also [all rules](README.md) and',
    '[the controls that no rule fixes](README.md#controls-without-a-rule).',
    ...sections.flatMap((section) => ['', `## ${section.title}`, '', ...section.lines]),
    '',
  ].join('\n');

const nameOf = ({ id, title }: Control): string => `${id}: ${title}`;

const rows = (controls: readonly Control[], answer: Answer): readonly string[] =>
  table(
    ['Control', 'Severity', 'Fixed by'],
    controls.map((control) => [nameOf(control), control.severity, answer(control)]),
  );

function numberedRows(controls: readonly Control[], standard: string, answer: Answer): readonly string[] {
  const numbered = controls.map((control) => ({ control, requirement: requirementsOf(control, standard).join(', ') }));
  const sorted = numbered.toSorted((a, b) => a.requirement.localeCompare(b.requirement, 'en', { numeric: true }));
  return table(
    ['Requirement', 'Control', 'Severity', 'Fixed by'],
    sorted.map(({ control, requirement }) => [requirement, nameOf(control), control.severity, answer(control)]),
  );
}
