import type { Place, ResourceKind } from '../../../rules/rule';
import { arnOf, expandArn, idIn } from '../../aws/arn';
import { placeElsewhere } from '../../findings/elsewhere';
import type { Finding } from '../../findings/finding';
import { quote } from '../../untrusted-text';

/** The id of AWS Config: an ARN, or an id, of this resource kind and place. `at` is its path in the event. */
export function reportedId(
  kind: ResourceKind,
  place: Place,
  id: string,
  at: string,
): Finding['resource']['reported'] | { readonly problem: string } {
  if (id.startsWith('arn:')) {
    if (idIn(kind, place, id) !== undefined || placeElsewhere(kind, place, id)) return { arn: id };
    return { problem: `${at} ${quote(id)} is not a valid ARN. It must match ${expandArn(kind.arn, place)}.` };
  }
  const known = kind.resolve ? /^[!-~]{1,768}$/.test(id) : arnOf(kind, place, id) !== undefined;
  return known ? { configId: id } : { problem: `${at} ${quote(id)} is not a valid id of an ${kind.type} in account ${place.account}.` };
}
