import type { ResourceKind } from '../../rule';
import { readTags, tagPermissions } from '../tags/read';

/** A subnet of a VPC. */
export const subnet: ResourceKind = {
  type: 'AWS::EC2::Subnet',
  arn: 'arn:{partition}:ec2:{region}:{account}:subnet/{id}',
  scope: 'regional',
  recordedBy: 'id',
  target: ({ id }) => ({ SubnetId: id }),
  tags: readTags,
  permissions: tagPermissions,
};
