import type { ResourceKind } from '../../rule';
import { configurationReading, readConfigurations } from './read';

/** A launch configuration, by name. It cannot be changed, and has no tags. */
export const launchConfiguration: ResourceKind = {
  type: 'AWS::AutoScaling::LaunchConfiguration',
  arn: 'arn:{partition}:autoscaling:{region}:{account}:launchConfiguration:{name}:launchConfigurationName/{freeId}',
  // Line breaks and tabs are legal.
  name: /(?!arn:)[\t\n\r -\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]{1,255}/u,
  scope: 'regional',
  target: ({ id }) => ({ LaunchConfigurationName: id }),
  permissions: [configurationReading],

  async resolve(id, _, aws) {
    const found = await readConfigurations([id], aws);
    return found.flatMap((one) => (one.LaunchConfigurationName === id ? (one.LaunchConfigurationARN ?? []) : []));
  },
};
