import type { ResourceKind } from '../../rule';
import { readTags, tagPermissions } from '../tags/read';

/** A snapshot of an EBS volume; its ARN names no account. */
export const snapshot: ResourceKind = {
  type: 'AWS::EC2::Snapshot',
  arn: 'arn:{partition}:ec2:{region}::snapshot/{id}',
  scope: 'regional',
  tags: readTags,
  permissions: tagPermissions,
};
