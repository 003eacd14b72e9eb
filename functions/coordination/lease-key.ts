import { type Resource, type ResourceKind, type Rule, toArray } from '../../rules/rule';
import { arnOf } from '../aws/arn';

/** The key of the lease on a resource, the same for all rules: for a part of another resource, that of the other one. */
export function leaseKey(rule: Pick<Rule, 'resource'>, resource: Resource): string {
  const { type, arn, account, region } = resource;
  const kind = toArray(rule.resource).find((one) => one.type === type);
  if (kind?.scope === 'global') return arn;
  return `${(kind && wholeOf(kind, resource)) ?? arn} in ${region} of ${account}`;
}

/** The ARN of the resource that it is a part of. */
function wholeOf({ partOf }: ResourceKind, { id, ...place }: Resource): string | undefined {
  const whole = partOf?.id(id);
  return partOf && whole !== undefined ? arnOf(partOf.kind, place, whole) : undefined;
}
