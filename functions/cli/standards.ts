import type { Rule } from '../../rules/rule';
import file from '../standards/standards.json';

/** The standards of each control that a rule fixes, with the number of the requirement where there is one: `FSBP`, `CIS3.0:1.2`. */
const controls = file as Readonly<Record<string, { readonly standards: readonly string[] }>>;

const ofControl = (control: string): readonly string[] => (Object.hasOwn(controls, control) ? (controls[control]?.standards ?? []) : []);

/** The standards, by the names that options take. */
export const standardNames: readonly string[] = [...new Set(Object.keys(controls).flatMap(ofControl).map(nameIn))].toSorted();

/** The requirements that a finding is about: those of its control, or of all controls of the rule if a Config rule or another source reported it. */
export function requirementsOf(detectedBy: string, { detectedBy: { securityHub } }: Pick<Rule, 'detectedBy'>): readonly string[] {
  const found = securityHub.includes(detectedBy) ? ofControl(detectedBy) : securityHub.flatMap(ofControl);
  return [...new Set(found)].toSorted();
}

/** Whether one of the controls of the rule belongs to the standard. */
export const isInStandard = ({ detectedBy: { securityHub } }: Pick<Rule, 'detectedBy'>, standard: string): boolean =>
  securityHub.flatMap(ofControl).some((one) => nameIn(one) === standard);

function nameIn(requirement: string): string {
  return requirement.replace(/:.*/, '');
}
