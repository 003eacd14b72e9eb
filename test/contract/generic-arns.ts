import { expandArn } from '../../functions/aws/arn';
import type { Place, ResourceKind } from '../../rules/rule';

/** The ARNs that Security Hub makes of a type and the id of AWS Config, in both forms that it has used; none where the service has its own ARN for them. */
export function genericArns({ type, arn }: ResourceKind, place: Place, id: string): readonly string[] {
  const [scheme, , service, region, account] = arn.split(':');
  const name = type.split('::')[2]?.toLowerCase();
  if (scheme !== 'arn' || name === undefined || arn.endsWith(':{freeId}')) return [];
  const start = expandArn(`arn:{partition}:${service}:${region}:${account}:${name}`, place);
  return [`${start}:${id}`, `${start}/${id}`];
}
