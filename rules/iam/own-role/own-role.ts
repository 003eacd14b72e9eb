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

/** The role that a rule makes for a resource: `bare` as long as it may do nothing yet. Or a `foreign` one of the same name. */
export type OwnRole = 'absent' | 'foreign' | 'bare' | 'ready';

export interface RoleShape {
  /** What the names of these roles begin with; IAM is one for all regions, so the region comes after it, and then the id. */
  readonly prefix: string;
  readonly describe: (resource: Resource) => string;
  /** The service that takes the role: `vpc-flow-logs.amazonaws.com`. */
  readonly service: string;
  /** What the service has to say of itself to take it. */
  readonly condition?: (resource: Resource) => Json;
  readonly policyName: string;
  readonly policy: (resource: Resource) => Json;
  /** A managed policy of AWS: what no role of this name can ever do more than, whoever writes its policy. */
  readonly boundary: string;
}

/** The roles that a rule makes, one for each resource. */
export function ownRoles({ prefix, describe, service, condition, policyName: PolicyName, policy, boundary }: RoleShape) {
  // IAM takes 64 characters. Where that cuts two names to the same, the second finds the role of the first, and does not take it for its own.
  const nameOf = ({ region, id }: Resource): string => `${prefix}-${region}-${id}`.slice(0, 64);

  const arnOf = (resource: Resource): string => `arn:${resource.partition}:iam::${resource.account}:role/${nameOf(resource)}`;

  const boundaryArn = ({ partition }: Resource): string => boundary.replace('{partition}', partition);

  const trust = (resource: Resource): Json => ({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: service },
        Action: 'sts:AssumeRole',
        ...(condition && { Condition: condition(resource) }),
      },
    ],
  });

  /** The role of a resource; `foreign` if tags, trust, boundary or policy are not what the rule gives it. */
  async function read(resource: Resource, own: Tags, aws: Aws): Promise<OwnRole> {
    const RoleName = nameOf(resource);
    const answer = await unless(absence, aws.send(new GetRoleCommand({ RoleName })));
    if (!answer?.Role) return 'absent';
    if (!isOwn(resource, answer.Role, own)) return 'foreign';
    const inline = await unless(absence, aws.send(new GetRolePolicyCommand({ RoleName, PolicyName })));
    if (!inline) return 'bare';
    return says(inline.PolicyDocument, policy(resource)) ? 'ready' : 'foreign';
  }

  const isOwn = (resource: Resource, { Tags = [], AssumeRolePolicyDocument, PermissionsBoundary }: Role, own: Tags): boolean =>
    Object.entries(own).every(([key, value]) => Tags.some((tag) => tag.Key === key && tag.Value === value)) &&
    PermissionsBoundary?.PermissionsBoundaryArn === boundaryArn(resource) &&
    says(AssumeRolePolicyDocument, trust(resource));

  /** The changes that are still missing until the role is there and may do its work. */
  function changes(resource: Resource, seen: OwnRole, tags: Tags): readonly Change[] {
    const RoleName = nameOf(resource);
    const making = {
      RoleName,
      Description: describe(resource),
      AssumeRolePolicyDocument: JSON.stringify(trust(resource)),
      PermissionsBoundary: boundaryArn(resource),
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    };
    const PolicyDocument = JSON.stringify(policy(resource));
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

  const roles = `arn:{partition}:iam::{account}:role/${prefix}-*`;

  const reading: Grant = { actions: ['iam:GetRole', 'iam:GetRolePolicy'], on: roles };

  const changing: readonly Grant[] = [
    {
      actions: ['iam:CreateRole', 'iam:PutRolePolicy', 'iam:DeleteRolePolicy', 'iam:DeleteRole'],
      on: roles,
      condition: { StringEquals: { 'iam:PermissionsBoundary': boundary } },
    },
    { actions: ['iam:TagRole'], on: roles },
    { actions: ['iam:PassRole'], on: roles, condition: { StringEquals: { 'iam:PassedToService': service } } },
  ];

  return { nameOf, arnOf, read, changes, reading, changing };
}

const absence = ['NoSuchEntityException', 'NoSuchEntity'];

/** Whether a document as IAM gives it, encoded as in a URL, says the very same. */
function says(document: string | undefined, expected: Json): boolean {
  try {
    return JSON.stringify(JSON.parse(decodeURIComponent(document ?? ''))) === JSON.stringify(expected);
  } catch {
    return false;
  }
}

export const roleCommands = [CreateRoleCommand, DeleteRoleCommand, PutRolePolicyCommand, DeleteRolePolicyCommand];
