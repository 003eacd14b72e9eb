import { loadRules } from '../../functions/catalogue/catalogue';
import { toArray } from '../../rules/rule';

const types = new Map(
  loadRules()
    .flatMap(({ rule }) => toArray(rule.resource))
    .map(({ type, securityHubType = type.replaceAll(':', '') }) => [securityHubType.toLowerCase(), type]),
);

/** The type of CloudFormation, and mostly of CloudTrail, for one of Security Hub. */
export function resourceType(ofSecurityHub: string): string {
  const type = types.get(ofSecurityHub.toLowerCase());
  if (type === undefined) throw new Error(`The catalogue has no resource of the type ${ofSecurityHub}.`);
  return type;
}
