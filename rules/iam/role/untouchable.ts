import type { Resource, Unfixable } from '../../rule';

/** Why a response changes nothing on a role, if it is one of AWS or of this product. */
export function untouchable({ id, arn }: Pick<Resource, 'id' | 'arn'>): Unfixable | undefined {
  const path = arn.slice(arn.indexOf(':role/') + ':role'.length);
  if (path.startsWith('/aws-service-role/'))
    return {
      unfixable: 'It is a service-linked role, which only its AWS service can change. Contain the resource whose service uses the role.',
      code: 'service-linked-role',
    };
  if (path.startsWith('/aws-reserved/') || id.startsWith('AWSReservedSSO_'))
    return {
      unfixable:
        'The role belongs to a permission set of IAM Identity Center, which alone can change it. Disable the user there, and revoke the sessions by an inline policy of the permission set.',
      code: 'identity-center-role',
    };
  if (id.startsWith('posture-'))
    return {
      unfixable: 'The name is that of a role of this product, which does not contain itself. Stop it with `posture stop`, and investigate.',
      code: 'own-role',
    };
  return undefined;
}
