import { DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import type { ResourceKind } from '../../rule';
import { describeGroup, groupReading } from './describe';

/** An Auto Scaling group, by name. */
export const group: ResourceKind = {
  type: 'AWS::AutoScaling::AutoScalingGroup',
  arn: 'arn:{partition}:autoscaling:{region}:{account}:autoScalingGroup:{name}:autoScalingGroupName/{freeId}',
  // Line breaks and tabs are legal.
  name: /(?!arn:)[\t\n\r -\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]{1,255}/u,
  scope: 'regional',
  target: ({ id }) => ({ AutoScalingGroupName: id }),
  permissions: [groupReading],

  async tags(resource, aws) {
    const { Tags = [] } = (await describeGroup(resource, aws)) ?? {};
    return Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));
  },

  async resolve(id, _, aws) {
    const { AutoScalingGroups = [] } = await aws.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [id] }));
    return AutoScalingGroups.flatMap((one) => (one.AutoScalingGroupName === id ? (one.AutoScalingGroupARN ?? []) : []));
  },
};
