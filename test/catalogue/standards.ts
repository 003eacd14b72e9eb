import type { Control } from './controls';

/** The standards by the names that controls have for them, in the order in which they are shown. */
export const titles: Readonly<Record<string, string>> = {
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

/** The standards that a control belongs to, by name. */
export const standardsOf = ({ standards }: Pick<Control, 'standards'>): readonly string[] => [
  ...new Set(standards.map((standard) => standard.replace(/:.*/, ''))),
];

/** The requirements of a standard that a control is about; none, where that is not known. */
export const requirementsOf = ({ standards }: Pick<Control, 'standards'>, standard: string): readonly string[] =>
  standards.flatMap((one) => (one.startsWith(`${standard}:`) ? [one.slice(standard.length + 1)] : []));
