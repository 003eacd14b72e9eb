import { GetInstanceProfileCommand, ListAttachedRolePoliciesCommand } from '@aws-sdk/client-iam';
import { unless } from '../../absence';
import { collect } from '../../pages';
import type { Aws, Grant } from '../../rule';

/** Whether an instance with this profile can be managed; or what keeps it from that. */
export type Profile = 'ready' | 'absent' | 'without-role' | 'misnamed' | 'powerless';

/** How the role in the profile has to begin: our own role may pass no other to an instance. */
const prefix = 'posture-ssm-';
const roles = `arn:{partition}:iam::{account}:role/${prefix}*`;

export const profileReading: readonly Grant[] = [
  { actions: ['iam:GetInstanceProfile'], on: 'arn:{partition}:iam::{account}:instance-profile/*' },
  { actions: ['iam:ListAttachedRolePolicies'], on: roles },
];

export const rolePassing: Grant = {
  actions: ['iam:PassRole'],
  on: roles,
  // In China EC2 has a name of its own.
  condition: { StringEquals: { 'iam:PassedToService': ['ec2.amazonaws.com', 'ec2.amazonaws.com.cn'] } },
};

export async function readProfile(InstanceProfileName: string, aws: Aws): Promise<Profile> {
  const answer = await unless(['NoSuchEntityException', 'NoSuchEntity'], aws.send(new GetInstanceProfileCommand({ InstanceProfileName })));
  if (!answer) return 'absent';
  const [role] = answer.InstanceProfile?.Roles ?? [];
  if (!role) return 'without-role';
  // Neither has one with a path.
  if (!role.Arn?.includes(`:role/${prefix}`)) return 'misnamed';
  const policies = await collect(
    (Marker) => aws.send(new ListAttachedRolePoliciesCommand({ RoleName: role.RoleName, Marker })),
    ({ AttachedPolicies }) => AttachedPolicies,
    ({ Marker }) => Marker,
  );
  // AWS's own, or a copy of it.
  return policies.some(({ PolicyArn }) => PolicyArn?.endsWith(':policy/AmazonSSMManagedInstanceCore')) ? 'ready' : 'powerless';
}

/** Why the profile can't be given to an instance, for who has to change that. */
export const profileFaults: Readonly<Partial<Record<Profile, string>>> = {
  absent: 'There is no instance profile {name}: make it, with a role that has AmazonSSMManagedInstanceCore.',
  'without-role': 'The instance profile {name} has no role: put one into it that has AmazonSSMManagedInstanceCore.',
  misnamed: `The role in the instance profile {name} does not begin with ${prefix}: this software may pass no other to an instance.`,
  powerless: 'The role in the instance profile {name} does not have AmazonSSMManagedInstanceCore: attach that to it.',
};
