import type { ResourceKind } from '../../rule';
import { describeGroup, groupReading } from './describe';

/** An Auto Scaling group, by name. */
export const group: ResourceKind = {
  type: 'AWS::AutoScaling::AutoScalingGroup',
  arn: 'arn:{partition}:autoscaling:{region}:{account}:autoScalingGroup:{name}:autoScalingGroupName/{freeId}',
  scope: 'regional',
  target: ({ id }) => ({ AutoScalingGroupName: id }),
  permissions: [groupReading],

  async tags(resource, aws) {
    const { Tags = [] } = (await describeGroup(resource, aws)) ?? {};
    return Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));
  },
};
