import file from './standards.json';

/** The standards that a report or a ticket can be about, by the names that `--standard` takes. */
export const standardTitles = {
  FSBP: 'AWS Foundational Security Best Practices',
  'CIS5.0': 'CIS AWS Foundations Benchmark 5.0.0',
  'CIS3.0': 'CIS AWS Foundations Benchmark 3.0.0',
  'CIS1.4': 'CIS AWS Foundations Benchmark 1.4.0',
  'CIS1.2': 'CIS AWS Foundations Benchmark 1.2.0',
  'PCI4.0.1': 'PCI DSS 4.0.1',
  'PCI3.2.1': 'PCI DSS 3.2.1',
  'NIST800-53r5': 'NIST SP 800-53 Rev. 5',
  'NIST800-171r2': 'NIST SP 800-171 Rev. 2',
  AISBP: 'AWS AI Security Best Practices',
  TAGGING: 'AWS Resource Tagging Standard',
} as const;

export type Standard = keyof typeof standardTitles;

export const standards = Object.keys(standardTitles) as readonly Standard[];

/** A requirement of a standard: its number where AWS publishes one, and otherwise the control of Security Hub that stands for it. */
export interface Requirement {
  readonly standard: Standard;
  readonly requirement: string;
}

interface Entry {
  readonly title: string;
  readonly standards: readonly string[];
}

const controls = file as Readonly<Record<string, Entry>>;

const isStandard = (name: string): name is Standard => Object.hasOwn(standardTitles, name);

/** The requirements of a control: none, if no standard has it. */
function requirementsOfControl(control: string): readonly Requirement[] {
  const entry = Object.hasOwn(controls, control) ? controls[control] : undefined;
  const all = (entry?.standards ?? []).flatMap((text) => {
    const [name = '', ...number] = text.split(':');
    return isStandard(name) ? [{ standard: name, requirement: number.join(':') || control }] : [];
  });
  return all.filter(
    ({ standard, requirement }, index) => all.findIndex((one) => one.standard === standard && one.requirement === requirement) === index,
  );
}

/** The title of a control of Security Hub; undefined for a Config rule. */
export const controlTitle = (control: string): string | undefined =>
  Object.hasOwn(controls, control) ? controls[control]?.title : undefined;

/** The requirements that a remediation serves: those of its control, or of all controls of its rule if AWS Config reported it. */
export function requirementsOf({ control }: { readonly control: string }, controlsOfRule: readonly string[]): readonly Requirement[] {
  const own = requirementsOfControl(control);
  if (own.length > 0 || Object.hasOwn(controls, control)) return own;
  const all = controlsOfRule.flatMap(requirementsOfControl);
  return all.filter(
    ({ standard, requirement }, index) => all.findIndex((one) => one.standard === standard && one.requirement === requirement) === index,
  );
}
