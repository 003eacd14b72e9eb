import {
  CloudWatchLogsClient,
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
import { familyOf } from './resource';

/** The log group that a rule makes for a family: how long it keeps events, in days (0: for ever). Or a `foreign` one of the same name. */
export type LogGroup = 'absent' | 'foreign' | { readonly retention: number };

export const logGroupName = (resource: Pick<Resource, 'arn'>): string => `/posture/ecs/${familyOf(resource)}`;

export const logGroupArn = (resource: Resource): string =>
  `arn:${resource.partition}:logs:${resource.region}:${resource.account}:log-group:${logGroupName(resource)}`;

/** The log group of a family; `foreign` if it does not carry the rule's own tags. */
export async function readLogGroup(resource: Resource, own: Tags, aws: Aws): Promise<LogGroup> {
  const name = logGroupName(resource);
  const groups = await collect(
    (nextToken) => aws.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name, nextToken })),
    ({ logGroups }) => logGroups,
    ({ nextToken }) => nextToken,
  );
  const group = groups.find(({ logGroupName: found }) => found === name);
  if (!group) return 'absent';
  const query = new ListTagsForResourceCommand({ resourceArn: logGroupArn(resource) });
  const answer = await unless(['ResourceNotFoundException'], aws.send(query));
  const isOwn = Object.entries(own).every(([key, value]) => answer?.tags?.[key] === value);
  return isOwn ? { retention: group.retentionInDays ?? 0 } : 'foreign';
}

/** The changes that are still missing until the log group is there, with its tags. */
export function logGroupChanges(resource: Resource, seen: LogGroup, retentionInDays: number, tags: Tags): readonly Change[] {
  if (seen === 'foreign') return [];
  const name = { logGroupName: logGroupName(resource) };
  const making = { do: new CreateLogGroupCommand({ ...name, tags }), undo: new DeleteLogGroupCommand(name) };
  const keeping = {
    do: new PutRetentionPolicyCommand({ ...name, retentionInDays }),
    undo: new DeleteRetentionPolicyCommand(name),
  };
  if (seen === 'absent') return [making, keeping];
  return seen.retention > 0 ? [] : [keeping];
}

const groups = 'arn:{partition}:logs:{region}:{account}:log-group:/posture/ecs/*';

export const logGroupReading: readonly Grant[] = [
  // IAM offers no resource-level permission for it.
  { actions: ['logs:DescribeLogGroups'], on: '*' },
  { actions: ['logs:ListTagsForResource'], on: groups },
];

export const logGroupChanging: Grant = {
  actions: ['logs:CreateLogGroup', 'logs:TagResource', 'logs:DeleteLogGroup', 'logs:PutRetentionPolicy', 'logs:DeleteRetentionPolicy'],
  on: groups,
};

export const logGroupClients = [CloudWatchLogsClient];

export const logGroupCommands = [CreateLogGroupCommand, DeleteLogGroupCommand, PutRetentionPolicyCommand, DeleteRetentionPolicyCommand];
