import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  PutRolePolicyCommand,
  type Role,
} from '@aws-sdk/client-iam';
import { undefinedOn } from '../../absence';
import type { Aws, Change, Grant, Json, Resource, Tags, Targets } from '../../rule';

/** The role that a rule creates for a resource: `bare` while it has no policy yet; `foreign` if another role has the name. */
export type OwnRole = 'absent' | 'foreign' | 'bare' | 'ready';

export interface RoleShape {
  /** The prefix of the role names. The region follows, as IAM is global, and then the id. */
  readonly prefix: string;
  readonly describe: (resource: Resource) => string;
  /** The service that assumes the role: `vpc-flow-logs.amazonaws.com`. */
  readonly service: string;
  /** The condition in the trust policy. */
  readonly condition?: (resource: Resource) => Json;
  readonly policyName: string;
  readonly policy: (resource: Resource) => Json;
  /** An AWS managed policy, the permissions boundary that limits a role of this name, whatever its policy allows. */
  readonly boundary: string;
}

/** The roles that a rule creates, one for each resource. */
export function ownRoles({ prefix, describe, service, condition, policyName: PolicyName, policy, boundary }: RoleShape) {
  // IAM allows 64 characters. If two names are the same after the cut, the second finds the role of the first and treats it as foreign.
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

  /** The role of a resource; `foreign` if its tags, trust policy, boundary or policy differ from those that the rule sets. */
  async function read(resource: Resource, own: Tags, aws: Aws): Promise<OwnRole> {
    const RoleName = nameOf(resource);
    const answer = await undefinedOn(absence, aws.send(new GetRoleCommand({ RoleName })));
    if (!answer?.Role) return 'absent';
    if (!isOwn(resource, answer.Role, own)) return 'foreign';
    const inline = await undefinedOn(absence, aws.send(new GetRolePolicyCommand({ RoleName, PolicyName })));
    if (!inline) return 'bare';
    return says(inline.PolicyDocument, policy(resource)) ? 'ready' : 'foreign';
  }

  const isOwn = (resource: Resource, { Tags = [], AssumeRolePolicyDocument, PermissionsBoundary }: Role, own: Tags): boolean =>
    Object.entries(own).every(([key, value]) => Tags.some((tag) => tag.Key === key && tag.Value === value)) &&
    PermissionsBoundary?.PermissionsBoundaryArn === boundaryArn(resource) &&
    says(AssumeRolePolicyDocument, trust(resource));

  /** The changes that are still missing until the role exists with its policy. */
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

  /** What the commands for the role name. */
  function targets(resource: Resource): Targets {
    const role = { RoleName: nameOf(resource) };
    const inline = { ...role, PolicyName };
    return { CreateRole: role, DeleteRole: role, PutRolePolicy: inline, DeleteRolePolicy: inline };
  }

  return { nameOf, arnOf, read, changes, targets, ...grantsFor({ prefix, service, boundary }) };
}

/** What the roles are read and created with. */
function grantsFor({ prefix, service, boundary }: Pick<RoleShape, 'prefix' | 'service' | 'boundary'>) {
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

  return { reading, changing };
}

const absence = ['NoSuchEntityException', 'NoSuchEntity'];

/** Whether a document as IAM returns it, URL-encoded, is identical to the expected one. */
function says(document: string | undefined, expected: Json): boolean {
  try {
    return JSON.stringify(JSON.parse(decodeURIComponent(document ?? ''))) === JSON.stringify(expected);
  } catch {
    return false;
  }
}

export const roleCommands = [CreateRoleCommand, DeleteRoleCommand, PutRolePolicyCommand, DeleteRolePolicyCommand];
