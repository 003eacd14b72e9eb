import { GetInstanceProfileCommand, ListAttachedRolePoliciesCommand } from '@aws-sdk/client-iam';
import { undefinedOn } from '../../absence';
import { collect } from '../../pages';
import type { Aws, Grant } from '../../rule';

/** Whether this profile lets Systems Manager manage an instance, or why not. */
export type Profile = 'ready' | 'absent' | 'without-role' | 'misnamed' | 'powerless';

/** The required prefix of the role in the profile: the role of the rule may pass only such roles. */
const prefix = 'posture-ssm-';
const roles = `arn:{partition}:iam::{account}:role/${prefix}*`;

export const profileReading: readonly Grant[] = [
  { actions: ['iam:GetInstanceProfile'], on: 'arn:{partition}:iam::{account}:instance-profile/*' },
  { actions: ['iam:ListAttachedRolePolicies'], on: roles },
];

export const rolePassing: Grant = {
  actions: ['iam:PassRole'],
  on: roles,
  // In the China regions, EC2 has its own service principal.
  condition: { StringEquals: { 'iam:PassedToService': ['ec2.amazonaws.com', 'ec2.amazonaws.com.cn'] } },
};

export async function readProfile(InstanceProfileName: string, aws: Aws): Promise<Profile> {
  const answer = await undefinedOn(
    ['NoSuchEntityException', 'NoSuchEntity'],
    aws.send(new GetInstanceProfileCommand({ InstanceProfileName })),
  );
  if (!answer) return 'absent';
  const [role] = answer.InstanceProfile?.Roles ?? [];
  if (!role) return 'without-role';
  // A role with a path does not match either.
  if (!role.Arn?.includes(`:role/${prefix}`)) return 'misnamed';
  const policies = await collect(
    (Marker) => aws.send(new ListAttachedRolePoliciesCommand({ RoleName: role.RoleName, Marker })),
    ({ AttachedPolicies }) => AttachedPolicies,
    ({ Marker }) => Marker,
  );
  // The AWS managed policy, or a copy of it.
  return policies.some(({ PolicyArn }) => PolicyArn?.endsWith(':policy/AmazonSSMManagedInstanceCore')) ? 'ready' : 'powerless';
}

/** Why the profile can't be associated with an instance, and how to change that. */
export const profileProblems: Readonly<Partial<Record<Profile, string>>> = {
  absent: 'The instance profile {name} does not exist. Create it, with a role that has AmazonSSMManagedInstanceCore.',
  'without-role': 'The instance profile {name} has no role. Add a role that has AmazonSSMManagedInstanceCore.',
  misnamed: `The name of the role in the instance profile {name} does not begin with ${prefix}, and this rule may pass only such roles.`,
  powerless: 'The role in the instance profile {name} does not have AmazonSSMManagedInstanceCore. Attach that policy to it.',
};
