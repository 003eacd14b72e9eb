import type { ResourceKind } from '../../rule';
import { readTags, tagPermissions } from '../tags/read';

/** A launch template with its versions. */
export const launchTemplate: ResourceKind = {
  type: 'AWS::EC2::LaunchTemplate',
  arn: 'arn:{partition}:ec2:{region}:{account}:launch-template/{id}',
  scope: 'regional',
  target: ({ id }) => ({ LaunchTemplateId: id }),
  tags: readTags,
  permissions: tagPermissions,
};
