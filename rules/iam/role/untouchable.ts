import type { Resource, Unfixable } from '../../rule';
import { ownerOf } from './owner';

/** Why a response changes nothing on a role, if it is one of AWS or of this product. */
export function untouchable(role: Pick<Resource, 'id' | 'arn'>): Unfixable | undefined {
  const owner = ownerOf(role);
  if (owner === 'aws-service')
    return {
      unfixable: 'It is a service-linked role, which only its AWS service can change. Contain the resource whose service uses the role.',
      code: 'service-linked-role',
    };
  if (owner === 'identity-center')
    return {
      unfixable:
        'The role belongs to a permission set of IAM Identity Center, which alone can change it. Disable the user there, and revoke the sessions by an inline policy of the permission set.',
      code: 'identity-center-role',
    };
  if (owner === 'posture')
    return {
      unfixable: 'The name is that of a role of this product, which does not contain itself. Stop it with `posture stop`, and investigate.',
      code: 'own-role',
    };
  return undefined;
}
