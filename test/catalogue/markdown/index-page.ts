import type { Coverage } from '../coverage';
import { tally } from '../tally';
import type { Entry } from './controls-pages';
import { coverageSection } from './coverage';
import { notFixedSection } from './not-fixed';
import { rolledBack } from './rolled-back';
import { table } from './table';

/** All rules in tables, what they cover, and what is not fixed. */
export function indexPage(entries: readonly Entry[], found: Coverage, omissions: Readonly<Record<string, string>>): string {
  const services = [...new Set(entries.map(({ service }) => service))];
  const all = tally(found);
  return [
    '# The catalogue',
    '',
    'Written from the rules themselves by `npm run rules:page`; do not edit it by hand.',
    '',
    `${entries.length} rules fix ${all.fixed} of the ${all.controls} controls of AWS Security Hub, and ${all.fixedInScope} of the ${all.scope} in scope.`,
    'What is [not fixed](#what-is-not-fixed) is told with the reason.',
    '',
    ...coverageSection(found),
    '',
    '## The rules',
    ...services.flatMap((service) => ['', `### ${service}`, '', ...rulesTable(entries.filter((entry) => entry.service === service))]),
    '',
    ...notFixedSection(found, omissions),
    '',
  ].join('\n');
}

const rulesTable = (entries: readonly Entry[]): readonly string[] =>
  table(
    ['Rule', 'Controls', 'Severity', 'Risk', 'Rolled back'],
    entries.map(({ service, rule }) => [
      `[${rule.id}](${service}/README.md#${rule.id}): ${rule.title}`,
      rule.detectedBy.securityHub.join(', '),
      rule.severity,
      rule.risk,
      rolledBack(rule),
    ]),
  );
