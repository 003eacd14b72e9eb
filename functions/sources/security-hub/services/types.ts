/**
 * The names that Security Hub has for a type of GuardDuty or Macie: `Trojan:EC2/DropPoint` is `TTPs/Command and Control/Trojan:EC2-DropPoint` in the
 * AWS Security Finding Format, where `/` separates the parts, and has its own name in OCSF, and for attack sequences.
 */
export const namesOfType = (type: string): readonly [own: string, inTaxonomy: string] => [type, type.replace('/', '-')];

/** The one of the types that a finding is of; undefined if it is of none, or of several. */
export function typeNamed(said: readonly string[], types: readonly string[]): string | undefined {
  const found = types.filter((type) => namesOfType(type).some((name) => said.some((one) => one === name || one.endsWith(`/${name}`))));
  return new Set(found).size === 1 ? found[0] : undefined;
}
