import { type AutoScalingGroup, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { collect } from '../../pages';
import type { Aws, Grant, Resource } from '../../rule';

/** The ARNs of groups, for grants. */
export const groups = 'arn:{partition}:autoscaling:{region}:{account}:autoScalingGroup:*:autoScalingGroupName/*';

// IAM offers no resource-level permission for it.
export const groupReading: Grant = { actions: ['autoscaling:DescribeAutoScalingGroups'], on: '*' };

/** The group; undefined if it does not exist, is being deleted, or has the name but another ARN. */
export async function describeGroup({ id, arn }: Resource, aws: Aws): Promise<AutoScalingGroup | undefined> {
  const { AutoScalingGroups = [] } = await aws.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [id] }));
  return AutoScalingGroups.find((group) => group.AutoScalingGroupARN === arn && !isLeaving(group));
}

/** All groups of an account and region, except those that are being deleted. */
export async function describeGroups(aws: Aws): Promise<readonly AutoScalingGroup[]> {
  const all = await collect(
    (NextToken) => aws.send(new DescribeAutoScalingGroupsCommand({ MaxRecords: 100, NextToken })),
    ({ AutoScalingGroups }) => AutoScalingGroups,
    ({ NextToken }) => NextToken,
  );
  return all.filter((group) => !isLeaving(group));
}

const isLeaving = ({ Status }: AutoScalingGroup): boolean => Status === 'Delete in progress';
