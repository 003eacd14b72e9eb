import { toArray, type Resource, type Rule } from '../../rules/rule';

/** What a worker takes the lease on: the resource, whichever rule is about to change it. */
export function leaseKey(rule: Pick<Rule, 'resource'>, { type, arn, account, region }: Resource): string {
  const kind = toArray(rule.resource).find((one) => one.type === type);
  return kind?.scope === 'global' ? arn : `${arn} in ${region} of ${account}`;
}
