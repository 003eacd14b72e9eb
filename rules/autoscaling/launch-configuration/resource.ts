import type { ResourceKind } from '../../rule';

/** A launch configuration, by name. It cannot be changed, and has no tags. */
export const launchConfiguration: ResourceKind = {
  type: 'AWS::AutoScaling::LaunchConfiguration',
  arn: 'arn:{partition}:autoscaling:{region}:{account}:launchConfiguration:{name}:launchConfigurationName/{freeId}',
  scope: 'regional',
  target: ({ id }) => ({ LaunchConfigurationName: id }),
};
