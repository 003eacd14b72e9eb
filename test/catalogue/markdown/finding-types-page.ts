import type { CatalogueEntry } from '../../../functions/catalogue/catalogue';
import { toArray } from '../../../rules/rule';
import { table } from './table';

/** The finding types of services that report threats or access, each with the rule that handles it. */
export function findingTypesPage(entries: readonly CatalogueEntry[]): string {
  const rows = entries.flatMap(({ rule, service }) => {
    const { guardDuty, macie = [], accessAnalyzer = [], inspector } = rule.detectedBy;
    const link = `[${rule.id}](${service}/README.md#${rule.id})`;
    return [
      ...toArray(guardDuty ?? []).flatMap(({ types, resourceRole: role }) =>
        types.map((type) => ['GuardDuty', role === undefined ? `\`${type}\`` : `\`${type}\`, role ${role}`, link, rule.title]),
      ),
      ...macie.map((type) => ['Macie', `\`${type}\``, link, rule.title]),
      ...accessAnalyzer.map((name) => [
        'IAM Access Analyzer',
        `Public access to \`${name.slice(name.indexOf('/') + 1)}\``,
        link,
        rule.title,
      ]),
      ...(inspector?.types ?? []).map((type) => ['Inspector', `\`${type}\`, ${inspector?.severities.join(' or ')}`, link, rule.title]),
    ];
  });
  const sorted = rows.toSorted((one, other) => one.slice(0, 2).join(' ').localeCompare(other.slice(0, 2).join(' '), 'en'));
  return [
    '# Finding types',
    '',
    'Generated from the rules by `npm run rules:page`.',
    '',
    'Findings of GuardDuty, Macie, IAM Access Analyzer and Inspector that a rule handles, and what it ensures. All other finding types are not processed.',
    '',
    ...table(['Service', 'Finding type', 'Rule', 'The rule ensures'], sorted),
    '',
  ].join('\n');
}
