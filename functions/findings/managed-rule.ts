/**
 * Whether a deployed Config rule is this managed rule: under its own name, as Security Hub deploys it (`securityhub-<name>-<hash>`), as a
 * conformance pack does (`<name>-conformance-pack-<suffix>`), or as AWS Config does in each account of an organization
 * (`OrgConfigRule-<name>-<suffix>`).
 */
export function isDeployment(name: string, deployed: string): boolean {
  if (deployed === name) return true;
  if (isServiceLinked(deployed)) return isRest(deployed, `securityhub-${name}-`, /^[0-9a-f]{6,32}$/);
  return (
    isRest(deployed, `${name}-conformance-pack-`, /^[0-9a-z]{5,32}$/) || isRest(deployed, `OrgConfigRule-${name}-`, /^[0-9a-z]{5,32}$/)
  );
}

/** Whether Security Hub deployed the Config rule: only Security Hub can evaluate it again. */
export const isServiceLinked = (deployed: string): boolean => deployed.startsWith('securityhub-');

const isRest = (text: string, start: string, rest: RegExp): boolean => text.startsWith(start) && rest.test(text.slice(start.length));
