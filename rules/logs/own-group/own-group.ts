import {
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand,
  PutRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import * as z from 'zod';
import { unless } from '../../absence';
import { retentions } from '../../cloudwatch/log-group/retentions';
import { collect } from '../../pages';
import type { Aws, Change, Grant, Resource, Tags } from '../../rule';

/** The log group that a rule makes for a resource: how long it keeps events, in days (0: for ever). Or a `foreign` one of the same name. */
export type OwnLogGroup = 'absent' | 'foreign' | { readonly retention: number };

export interface Keeping {
  readonly retentionDays: number;
  readonly kmsKeyArn?: string | undefined;
}

/** The parameters of a rule that makes log groups. */
export const keepingParameters = {
  retentionDays: z
    .literal(retentions)
    .default(365)
    .describe('How many days the new log group keeps its events; one of the numbers that CloudWatch Logs knows.'),
  kmsKeyArn: z
    .string()
    .regex(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/)
    .optional()
    .describe('The KMS key that encrypts the new log group. Its policy has to let CloudWatch Logs use it.'),
};

type Named = Pick<Resource, 'id' | 'arn'>;

/** The log groups that a rule makes in a folder of their own (`/posture/vpc-flow-logs`), each named after what it is for: the id of the resource. */
export function ownLogGroups(folder: string, whatFor: (resource: Named) => string = ({ id }) => id) {
  const nameOf = (resource: Named): string => `${folder}/${whatFor(resource)}`;

  const arnOf = (resource: Resource): string =>
    `arn:${resource.partition}:logs:${resource.region}:${resource.account}:log-group:${nameOf(resource)}`;

  /** The log group of a resource; `foreign` if it does not carry the rule's own tags. */
  async function read(resource: Resource, own: Tags, aws: Aws): Promise<OwnLogGroup> {
    const logGroupNamePrefix = nameOf(resource);
    const groups = await collect(
      (nextToken) => aws.send(new DescribeLogGroupsCommand({ logGroupNamePrefix, nextToken })),
      ({ logGroups }) => logGroups,
      ({ nextToken }) => nextToken,
    );
    const group = groups.find((one) => one.logGroupName === logGroupNamePrefix);
    if (!group) return 'absent';
    const answer = await unless(['ResourceNotFoundException'], aws.send(new ListTagsForResourceCommand({ resourceArn: arnOf(resource) })));
    const isOwn = Object.entries(own).every(([key, value]) => answer?.tags?.[key] === value);
    return isOwn ? { retention: group.retentionInDays ?? 0 } : 'foreign';
  }

  /** The changes that are still missing until the log group is there, with its tags. */
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

  const groups = `arn:{partition}:logs:{region}:{account}:log-group:${folder}/*`;

  const reading: readonly Grant[] = [
    // IAM offers no resource-level permission for it.
    { actions: ['logs:DescribeLogGroups'], on: '*' },
    { actions: ['logs:ListTagsForResource'], on: groups },
  ];

  const changing: Grant = {
    actions: ['logs:CreateLogGroup', 'logs:TagResource', 'logs:DeleteLogGroup', 'logs:PutRetentionPolicy', 'logs:DeleteRetentionPolicy'],
    on: groups,
  };

  return { nameOf, arnOf, read, changes, reading, changing };
}

export const logGroupCommands = [CreateLogGroupCommand, DeleteLogGroupCommand, PutRetentionPolicyCommand, DeleteRetentionPolicyCommand];
