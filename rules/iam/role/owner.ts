import type { Resource } from '../../rule';

/** Who alone can, or may, change a role: the AWS service of a service-linked role, IAM Identity Center, or this product. */
export type Owner = 'aws-service' | 'identity-center' | 'posture';

/** Undefined for a role of the account. */
export function ownerOf({ id, arn }: Pick<Resource, 'id' | 'arn'>): Owner | undefined {
  const path = arn.slice(arn.indexOf(':role/') + ':role'.length);
  if (path.startsWith('/aws-service-role/')) return 'aws-service';
  if (path.startsWith('/aws-reserved/') || id.startsWith('AWSReservedSSO_')) return 'identity-center';
  return id.startsWith('posture-') ? 'posture' : undefined;
}
