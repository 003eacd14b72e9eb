/**
 * Whether a deployed Config rule is this managed rule: under its own name, as Security Hub deploys it (`securityhub-<name>-<suffix>`), as a
 * conformance pack does (`<name>-conformance-pack-<suffix>`), or as AWS Config does in each account of an organization
 * (`OrgConfigRule-<name>-<suffix>`).
 */
export function isDeployment(name: string, deployed: string): boolean {
  if (deployed === name) return true;
  const starts = isServiceLinked(deployed) ? [`securityhub-${name}-`] : [`${name}-conformance-pack-`, `OrgConfigRule-${name}-`];
  return starts.some((start) => deployed.startsWith(start) && suffix.test(deployed.slice(start.length)));
}

/** Whether Security Hub deployed the Config rule: only Security Hub can evaluate it again. */
export const isServiceLinked = (deployed: string): boolean => deployed.startsWith('securityhub-');

// Without a hyphen, else a longer name would pass. Security Hub's was of letters up to `z` in its first years.
const suffix = /^[0-9a-z]{5,32}$/;
