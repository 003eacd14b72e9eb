import {
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { unless } from '../../absence';
import { collect } from '../../pages';
import type { Aws, Change, Grant, Resource, Tags } from '../../rule';

/** The log group that a rule makes for a VPC: how long it keeps events, in days (0: for ever). Or a `foreign` one of the same name. */
export type FlowLogGroup = 'absent' | 'foreign' | { readonly retention: number };

export const logGroupName = ({ id }: Pick<Resource, 'id'>): string => `/posture/vpc-flow-logs/${id}`;

export const logGroupArn = ({ partition, region, account, id }: Resource): string =>
  `arn:${partition}:logs:${region}:${account}:log-group:${logGroupName({ id })}`;

/** The log group of a VPC; `foreign` if it does not carry the rule's own tags. */
export async function readLogGroup(vpc: Resource, own: Tags, aws: Aws): Promise<FlowLogGroup> {
  const logGroupNamePrefix = logGroupName(vpc);
  const groups = await collect(
    (nextToken) => aws.send(new DescribeLogGroupsCommand({ logGroupNamePrefix, nextToken })),
    ({ logGroups }) => logGroups,
    ({ nextToken }) => nextToken,
  );
  const group = groups.find((one) => one.logGroupName === logGroupNamePrefix);
  if (!group) return 'absent';
  const answer = await unless(['ResourceNotFoundException'], aws.send(new ListTagsForResourceCommand({ resourceArn: logGroupArn(vpc) })));
  const isOwn = Object.entries(own).every(([key, value]) => answer?.tags?.[key] === value);
  return isOwn ? { retention: group.retentionInDays ?? 0 } : 'foreign';
}

export interface Keeping {
  readonly retentionDays: number;
  readonly kmsKeyArn?: string | undefined;
}

/** The changes that are still missing until the log group is there, with its tags. */
export function logGroupChanges(vpc: Resource, seen: FlowLogGroup, { retentionDays, kmsKeyArn }: Keeping, tags: Tags): readonly Change[] {
  const name = { logGroupName: logGroupName(vpc) };
  const making = { ...name, ...(kmsKeyArn && { kmsKeyId: kmsKeyArn }), tags };
  const made = typeof seen === 'object';
  return [
    ...(made ? [] : [{ do: new CreateLogGroupCommand(making), undo: new DeleteLogGroupCommand(name) }]),
    ...(made && seen.retention > 0
      ? []
      : [
          {
            do: new PutRetentionPolicyCommand({ ...name, retentionInDays: retentionDays }),
            undo: new DeleteRetentionPolicyCommand(name),
          },
        ]),
  ];
}

const groups = 'arn:{partition}:logs:{region}:{account}:log-group:/posture/vpc-flow-logs/*';

export const logGroupReading: readonly Grant[] = [
  // IAM offers no resource-level permission for it.
  { actions: ['logs:DescribeLogGroups'], on: '*' },
  { actions: ['logs:ListTagsForResource'], on: groups },
];

export const logGroupChanging: Grant = {
  actions: ['logs:CreateLogGroup', 'logs:TagResource', 'logs:DeleteLogGroup', 'logs:PutRetentionPolicy', 'logs:DeleteRetentionPolicy'],
  on: groups,
};

export const logGroupCommands = [CreateLogGroupCommand, DeleteLogGroupCommand, PutRetentionPolicyCommand, DeleteRetentionPolicyCommand];
