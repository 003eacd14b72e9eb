import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  PutRolePolicyCommand,
  type Role,
} from '@aws-sdk/client-iam';
import { unless } from '../../absence';
import type { Aws, Change, Grant, Json, Resource, Tags } from '../../rule';
import { logGroupArn } from './flow-log-group';

/** The role that a rule makes for a VPC: `bare` as long as it may not write yet. Or a `foreign` one of the same name. */
export type FlowLogRole = 'absent' | 'foreign' | 'bare' | 'ready';

const PolicyName = 'deliver-flow-logs';

// IAM is one for all regions: the region is in the name.
const roleName = ({ region, id }: Resource): string => `posture-vpc-flow-logs-${region}-${id}`;

export const roleArn = (vpc: Resource): string => `arn:${vpc.partition}:iam::${vpc.account}:role/${roleName(vpc)}`;

// What no role of this name can ever do more than, whoever writes its policy: deliver logs.
const boundary = 'arn:{partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs';
const boundaryArn = ({ partition }: Resource): string => boundary.replace('{partition}', partition);

const trust = ({ partition, region, account }: Resource): Json => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'vpc-flow-logs.amazonaws.com' },
      Action: 'sts:AssumeRole',
      Condition: {
        StringEquals: { 'aws:SourceAccount': account },
        ArnLike: { 'aws:SourceArn': `arn:${partition}:ec2:${region}:${account}:vpc-flow-log/*` },
      },
    },
  ],
});

const policy = (vpc: Resource): Json => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
      Resource: [logGroupArn(vpc), `${logGroupArn(vpc)}:*`],
    },
    { Effect: 'Allow', Action: 'logs:DescribeLogGroups', Resource: '*' },
  ],
});

/** The role of a VPC; `foreign` if tags, trust, boundary or policy are not what the rule gives it. */
export async function readRole(vpc: Resource, own: Tags, aws: Aws): Promise<FlowLogRole> {
  const RoleName = roleName(vpc);
  const answer = await unless(absence, aws.send(new GetRoleCommand({ RoleName })));
  if (!answer?.Role) return 'absent';
  if (!isOwn(vpc, answer.Role, own)) return 'foreign';
  const inline = await unless(absence, aws.send(new GetRolePolicyCommand({ RoleName, PolicyName })));
  if (!inline) return 'bare';
  return says(inline.PolicyDocument, policy(vpc)) ? 'ready' : 'foreign';
}

const absence = ['NoSuchEntityException', 'NoSuchEntity'];

const isOwn = (vpc: Resource, { Tags = [], AssumeRolePolicyDocument, PermissionsBoundary }: Role, own: Tags): boolean =>
  Object.entries(own).every(([key, value]) => Tags.some((tag) => tag.Key === key && tag.Value === value)) &&
  PermissionsBoundary?.PermissionsBoundaryArn === boundaryArn(vpc) &&
  says(AssumeRolePolicyDocument, trust(vpc));

/** Whether a document as IAM gives it, encoded as in a URL, says the very same. */
function says(document: string | undefined, expected: Json): boolean {
  try {
    return JSON.stringify(JSON.parse(decodeURIComponent(document ?? ''))) === JSON.stringify(expected);
  } catch {
    return false;
  }
}

/** The changes that are still missing until the role is there and may write. */
export function roleChanges(vpc: Resource, seen: FlowLogRole, tags: Tags): readonly Change[] {
  const RoleName = roleName(vpc);
  const making = {
    RoleName,
    Description: `Delivers the flow logs of ${vpc.id}`,
    AssumeRolePolicyDocument: JSON.stringify(trust(vpc)),
    PermissionsBoundary: boundaryArn(vpc),
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  };
  const PolicyDocument = JSON.stringify(policy(vpc));
  return [
    ...(seen === 'bare' || seen === 'ready' ? [] : [{ do: new CreateRoleCommand(making), undo: new DeleteRoleCommand({ RoleName }) }]),
    ...(seen === 'ready'
      ? []
      : [
          {
            do: new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }),
            undo: new DeleteRolePolicyCommand({ RoleName, PolicyName }),
          },
        ]),
  ];
}

const roles = 'arn:{partition}:iam::{account}:role/posture-vpc-flow-logs-*';

export const roleReading: Grant = { actions: ['iam:GetRole', 'iam:GetRolePolicy'], on: roles };

export const roleChanging: readonly Grant[] = [
  {
    actions: ['iam:CreateRole', 'iam:PutRolePolicy', 'iam:DeleteRolePolicy', 'iam:DeleteRole'],
    on: roles,
    condition: { StringEquals: { 'iam:PermissionsBoundary': boundary } },
  },
  { actions: ['iam:TagRole'], on: roles },
  { actions: ['iam:PassRole'], on: roles, condition: { StringEquals: { 'iam:PassedToService': 'vpc-flow-logs.amazonaws.com' } } },
];

export const roleCommands = [CreateRoleCommand, DeleteRoleCommand, PutRolePolicyCommand, DeleteRolePolicyCommand];
