import {
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import * as z from 'zod';
import { undefinedOn } from '../../absence';
import { retentions } from '../../cloudwatch/log-group/retentions';
import { collect } from '../../pages';
import type { Aws, Change, Grant, Resource, Tags, Targets } from '../../rule';

/** The log group that a rule creates for a resource, with its retention in days (0: events never expire); `foreign` if another log group has the name. */
export type OwnLogGroup = 'absent' | 'foreign' | { readonly retention: number };

export interface Keeping {
  readonly retentionDays: number;
  readonly kmsKeyArn?: string | undefined;
}

/** The parameters of a rule that creates log groups. */
export const keepingParameters = {
  retentionDays: z
    .literal(retentions)
    .default(365)
    .describe('The retention of the new log group in days, one of the values that CloudWatch Logs accepts.'),
  kmsKeyArn: z
    .string()
    .regex(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/)
    .optional()
    .describe('The KMS key that encrypts the new log group. Its key policy must allow CloudWatch Logs to use it.'),
};

type Named = Pick<Resource, 'id' | 'arn'>;

/** The log groups that a rule creates under a prefix of their own (`/posture/vpc-flow-logs`), one for each resource and named after its id. */
export function ownLogGroups(folder: string, whatFor: (resource: Named) => string = ({ id }) => id) {
  const nameOf = (resource: Named): string => `${folder}/${whatFor(resource)}`;

  const arnOf = (resource: Resource): string =>
    `arn:${resource.partition}:logs:${resource.region}:${resource.account}:log-group:${nameOf(resource)}`;

  /** The log group of a resource; `foreign` if it lacks the tags of the rule. */
  async function read(resource: Resource, own: Tags, aws: Aws): Promise<OwnLogGroup> {
    const logGroupNamePrefix = nameOf(resource);
    const groups = await collect(
      (nextToken) => aws.send(new DescribeLogGroupsCommand({ logGroupNamePrefix, nextToken })),
      ({ logGroups }) => logGroups,
      ({ nextToken }) => nextToken,
    );
    const group = groups.find((one) => one.logGroupName === logGroupNamePrefix);
    if (!group) return 'absent';
    const answer = await undefinedOn(
      ['ResourceNotFoundException'],
      aws.send(new ListTagsForResourceCommand({ resourceArn: arnOf(resource) })),
    );
    const isOwn = Object.entries(own).every(([key, value]) => answer?.tags?.[key] === value);
    return isOwn ? { retention: group.retentionInDays ?? 0 } : 'foreign';
  }

  /** The changes that are still missing until the log group exists with its tags. */
  function changes(resource: Resource, seen: OwnLogGroup, { retentionDays, kmsKeyArn }: Keeping, tags: Tags): readonly Change[] {
    if (seen === 'foreign') return [];
    const name = { logGroupName: nameOf(resource) };
    const making = { ...name, ...(kmsKeyArn && { kmsKeyId: kmsKeyArn }), tags };
    const made = seen !== 'absent';
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

  /** What the commands for the log group name. */
  function targets(resource: Named): Targets {
    const target = { logGroupName: nameOf(resource) };
    return { CreateLogGroup: target, DeleteLogGroup: target, PutRetentionPolicy: target, DeleteRetentionPolicy: target };
  }

  const groups = `arn:{partition}:logs:{region}:{account}:log-group:${folder}/*`;

  const reading: readonly Grant[] = [
    // IAM supports no resource-level permissions for it.
    { actions: ['logs:DescribeLogGroups'], on: '*' },
    { actions: ['logs:ListTagsForResource'], on: groups },
  ];

  const changing: Grant = {
    actions: ['logs:CreateLogGroup', 'logs:TagResource', 'logs:DeleteLogGroup', 'logs:PutRetentionPolicy', 'logs:DeleteRetentionPolicy'],
    on: groups,
  };

  return { nameOf, arnOf, read, changes, targets, reading, changing };
}

export const logGroupCommands = [CreateLogGroupCommand, DeleteLogGroupCommand, PutRetentionPolicyCommand, DeleteRetentionPolicyCommand];
