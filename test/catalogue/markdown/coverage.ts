import type { Coverage } from '../coverage';
import { serviceOf } from '../service';
import { type Tally, tallies, tally } from '../tally';
import { table } from './table';

const standards: Readonly<Record<string, string>> = {
  FSBP: 'AWS Foundational Security Best Practices',
  AISBP: 'AWS AI Security Best Practices',
  TAGGING: 'AWS Resource Tagging Standard',
  'CIS5.0': 'CIS AWS Foundations Benchmark 5.0.0',
  'CIS3.0': 'CIS AWS Foundations Benchmark 3.0.0',
  'CIS1.4': 'CIS AWS Foundations Benchmark 1.4.0',
  'CIS1.2': 'CIS AWS Foundations Benchmark 1.2.0',
  'NIST800-53r5': 'NIST SP 800-53 Rev. 5',
  'NIST800-171r2': 'NIST SP 800-171 Rev. 2',
  'PCI4.0.1': 'PCI DSS 4.0.1',
  'PCI3.2.1': 'PCI DSS 3.2.1',
};

const counts = ['Controls', 'Fixed', 'In scope', 'Of these fixed', 'Left out', 'Missing'];

/** How much of Security Hub's list the rules answer: in all, by severity, by standard and by service. */
export function coverageSection(found: Coverage): readonly string[] {
  const severities = ['critical', 'high', 'medium', 'low'].map((name): Row => [name, tally(found, ({ severity }) => severity === name)]);
  const known = Object.keys(standards);
  const byStandard = [...tallies(found, (one) => [...new Set(one.standards.map((standard) => standard.replace(/:.*/, '')))])]
    .toSorted(([a], [b]) => known.indexOf(a) - known.indexOf(b))
    .map(([standard, counted]): Row => [standards[standard] ?? standard, counted]);
  const services = [...tallies(found, (one) => [serviceOf(one)])].filter(([, { controls }]) => controls > 0);
  const without = services.filter(([, { scope, fixed }]) => scope + fixed === 0).map(([name]) => name);
  return [
    '## Coverage',
    '',
    'In scope is every control that can be fixed in place and is critical or high, or that Automated Security Response on AWS fixes.',
    'Retired controls are not counted.',
    '',
    ...tallied('Severity', [...severities, ['all', tally(found)]]),
    '',
    ...tallied('Standard', byStandard),
    '',
    ...tallied(
      'Service',
      services.filter(([name]) => !without.includes(name)),
    ),
    '',
    `No control is in scope, and none is fixed, of: ${without.join(', ')}.`,
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
