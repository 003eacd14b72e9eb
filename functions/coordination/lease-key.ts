import { type Resource, type Rule, toArray } from '../../rules/rule';

/** The key of the lease on a resource, the same for all rules. */
export function leaseKey(rule: Pick<Rule, 'resource'>, { type, arn, account, region }: Resource): string {
  const kind = toArray(rule.resource).find((one) => one.type === type);
  return kind?.scope === 'global' ? arn : `${arn} in ${region} of ${account}`;
}
