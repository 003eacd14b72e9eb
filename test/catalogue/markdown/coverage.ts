import type { Coverage } from '../coverage';
import { serviceOf } from '../service';
import { standardsOf, titles } from '../standards';
import { type Tally, tallies, tally } from '../tally';
import { table } from './table';

const counts = ['Controls', 'Fixed', 'In scope', 'In scope and fixed', 'Excluded', 'Missing'];

/** How many controls of Security Hub the rules fix: in total, by severity, by standard and by service. */
export function coverageSection(found: Coverage): readonly string[] {
  const severities = ['critical', 'high', 'medium', 'low'].map((name): Row => [name, tally(found, ({ severity }) => severity === name)]);
  const byStandard = tallies(found, standardsOf);
  const standards = Object.entries(titles).flatMap(([name, title]): Row[] => {
    const counted = byStandard.get(name);
    return counted ? [[title, counted]] : [];
  });
  const services = [...tallies(found, (one) => [serviceOf(one)])].filter(([, { controls }]) => controls > 0);
  const without = services.filter(([, { scope, fixed }]) => scope + fixed === 0).map(([name]) => name);
  return [
    '## Coverage',
    '',
    'A control is in scope if it can be fixed in place, and if it is critical or high or Automated Security Response on AWS fixes it. Retired',
    'controls are not counted. All controls and their rules are listed [by severity](severities.md) and [by standard](standards.md).',
    '',
    ...tallied('Severity', [...severities, ['Total', tally(found)]]),
    '',
    ...tallied('Standard', standards),
    '',
    ...tallied(
      'Service',
      services.filter(([name]) => !without.includes(name)),
    ),
    '',
    `The following services have no control that is in scope or fixed: ${without.join(', ')}.`,
  ];
}

type Row = readonly [string, Tally];

const tallied = (what: string, rows: readonly Row[]): readonly string[] =>
  table(
    [what, ...counts],
    rows.map(([name, { controls, fixed, scope, fixedInScope, omitted, missing }]) => [
      name,
      controls,
      fixed,
      scope,
      fixedInScope,
      omitted,
      missing,
    ]),
  );
