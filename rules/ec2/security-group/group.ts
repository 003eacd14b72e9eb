import { DescribeSecurityGroupsCommand, type Filter } from '@aws-sdk/client-ec2';
import { undefinedOn } from '../../absence';
import { collect } from '../../pages';
import type { Aws, Grant, Place } from '../../rule';

export interface Group {
  readonly name: string;
  /** The owner account: a VPC can be shared, with its groups. */
  readonly owner: string;
}

/** A security group; undefined if it does not exist. */
export async function readGroup(id: string, aws: Aws): Promise<Group | undefined> {
  const answer = await undefinedOn(
    ['InvalidGroup.NotFound', 'InvalidGroupId.Malformed', 'InvalidSecurityGroupID.NotFound', 'InvalidSecurityGroupId.Malformed'],
    aws.send(new DescribeSecurityGroupsCommand({ GroupIds: [id] })),
  );
  const [group] = answer?.SecurityGroups ?? [];
  return group && { name: group.GroupName ?? '', owner: group.OwnerId ?? '' };
}

/** The IDs of the security groups of an account and region that match the filters. */
export async function listGroups({ account }: Place, aws: Aws, ...filters: readonly Filter[]): Promise<readonly string[]> {
  const Filters = [{ Name: 'owner-id', Values: [account] }, ...filters];
  const groups = await collect(
    (NextToken) => aws.send(new DescribeSecurityGroupsCommand({ Filters, MaxResults: 1000, NextToken })),
    ({ SecurityGroups }) => SecurityGroups,
    ({ NextToken }) => NextToken,
  );
  return groups.flatMap(({ GroupId }) => GroupId ?? []);
}

// IAM offers no resource-level permission for these.
export const groupReading: Grant = { actions: ['ec2:DescribeSecurityGroups', 'ec2:DescribeSecurityGroupRules'], on: '*' };

const groups = 'arn:{partition}:ec2:{region}:{account}:security-group/*';
const permissions = 'arn:{partition}:ec2:{region}:{account}:security-group-rule/*';

/** The permissions for these actions on the rules of any security group. Authorizing creates security group rules, and tags them. */
export function groupChanging(actions: readonly string[]): readonly Grant[] {
  const authorizing = actions.filter((action) => action.startsWith('ec2:Authorize'));
  return [
    { actions: actions.filter((action) => !authorizing.includes(action)), on: groups },
    { actions: authorizing, on: [groups, permissions] },
    {
      actions: ['ec2:CreateTags'],
      on: permissions,
      condition: { StringEquals: { 'ec2:CreateAction': authorizing.map((action) => action.slice('ec2:'.length)) } },
    },
  ];
}
