import type { ResourceKind } from '../../rule';
import { readTags, tagPermissions } from '../tags/read';

/** A virtual machine. */
export const instance: ResourceKind = {
  type: 'AWS::EC2::Instance',
  arn: 'arn:{partition}:ec2:{region}:{account}:instance/{id}',
  scope: 'regional',
  recordedBy: 'id',
  target: ({ id }) => ({ InstanceId: id }),
  tags: readTags,
  permissions: tagPermissions,
};
