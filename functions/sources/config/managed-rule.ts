/**
 * Whether a deployed Config rule is this managed rule: under its own name, as Security Hub deploys it (`securityhub-<name>-<suffix>`), as a
 * conformance pack does (`<name>-conformance-pack-<suffix>`), or as AWS Config does in each account of an organization
 * (`OrgConfigRule-<name>-<suffix>`).
 */
export function isDeployment(name: string, deployed: string): boolean {
  if (deployed === name) return true;
  return prefixesOf(name)
    .filter((start) => isServiceLinked(start) === isServiceLinked(deployed))
    .some((start) => deployed.startsWith(start) && suffix.test(deployed.slice(start.length)));
}

/** How the names begin that AWS gives to deployments of the managed rule, besides its own name. The routes match these. */
export const prefixesOf = (name: string): readonly string[] => [
  `securityhub-${name}-`,
  `${name}-conformance-pack-`,
  `OrgConfigRule-${name}-`,
];

/** Whether the routes of a rule with these managed rules match the name of the Config rule. */
export const isRouted = (names: readonly string[], deployed: string): boolean =>
  names.some((name) => deployed === name || prefixesOf(name).some((start) => deployed.startsWith(start)));

/** Whether Security Hub deployed the Config rule: only Security Hub can evaluate it again. */
export const isServiceLinked = (deployed: string): boolean => deployed.startsWith('securityhub-');

// Without a hyphen, else a longer name would pass. Security Hub's was of letters up to `z` in its first years.
const suffix = /^[0-9a-z]{5,32}$/;
