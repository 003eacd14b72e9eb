import type { ResourceKind } from '../../rule';

/** What the instances of a group are made from, by name. It can not be changed, and carries no tags. */
export const launchConfiguration: ResourceKind = {
  type: 'AWS::AutoScaling::LaunchConfiguration',
  arn: 'arn:{partition}:autoscaling:{region}:{account}:launchConfiguration:{name}:launchConfigurationName/{freeId}',
  scope: 'regional',
};
