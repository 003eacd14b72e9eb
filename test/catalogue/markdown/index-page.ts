import type { Coverage } from '../coverage';
import { tally } from '../tally';
import type { Entry } from './controls-pages';
import { coverageSection } from './coverage';
import { notFixedSection } from './not-fixed';
import { rolledBack } from './rolled-back';
import { table } from './table';

/** All rules in tables, their coverage, and the controls without a rule. */
export function indexPage(entries: readonly Entry[], found: Coverage, omissions: Readonly<Record<string, string>>): string {
  const services = [...new Set(entries.map(({ service }) => service))];
  const all = tally(found);
  return [
    '# Catalogue',
    '',
    'Generated from the rules by `npm run rules:page`. Do not edit this page.',
    '',
    `${entries.length} rules fix ${all.fixed} of the ${all.controls} controls of AWS Security Hub, including ${all.fixedInScope} of the ${all.scope} controls in [scope](#coverage).`,
    'The [controls without a rule](#controls-without-a-rule) are listed with the reason. [Detectors](detectors.md) states of each covered control and',
    'AWS Config rule what AWS documents, what the rule does, and what it does not do.',
    '',
    ...coverageSection(found),
    '',
    '## Rules',
    ...services.flatMap((service) => ['', `### ${service}`, '', ...rulesTable(entries.filter((entry) => entry.service === service))]),
    '',
    ...notFixedSection(found, omissions),
    '',
  ].join('\n');
}

const rulesTable = (entries: readonly Entry[]): readonly string[] =>
  table(
    ['Rule', 'Controls', 'Severity', 'Risk', 'Rollback'],
    entries.map(({ service, rule }) => [
      `[${rule.id}](${service}/README.md#${rule.id}): ${rule.title}`,
      rule.detectedBy.securityHub.join(', '),
      rule.severity,
      rule.risk,
      rolledBack(rule),
    ]),
  );
