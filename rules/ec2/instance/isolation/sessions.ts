import { DeleteRolePolicyCommand, GetInstanceProfileCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { undefinedOn } from '../../../absence';
import { quarantine, quarantineName, saysSame } from '../../../iam/role/denial';
import { inlineReading, maxSize, readInline, sizeOf } from '../../../iam/role/inline';
import { ownerOf } from '../../../iam/role/owner';
import { roles } from '../../../iam/role/resource';
import type { Aws, AwsCommand, Change, Grant, Targets } from '../../../rule';

/** The role whose credentials the instance has. */
export type InstanceRole = {
  readonly name: string;
  /** The policy in the role with the name of the denial. */
  readonly denial?: string;
  /** Why its sessions can't be denied, as the end of a sentence. */
  readonly without?: string;
};

/** The role of an instance profile; undefined if there is none. */
export async function readRole(id: string, profile: string | undefined, aws: Aws): Promise<InstanceRole | undefined> {
  const InstanceProfileName = profile?.split('/').at(-1);
  if (InstanceProfileName === undefined) return undefined;
  const answer = await undefinedOn(['NoSuchEntityException'], aws.send(new GetInstanceProfileCommand({ InstanceProfileName })));
  const [{ RoleName = '', Arn = '' } = {}] = answer?.InstanceProfile?.Roles ?? [];
  if (RoleName === '') return undefined;
  if (ownerOf({ id: RoleName, arn: Arn }) !== undefined) return { name: RoleName, without: 'it belongs to AWS or to this product' };
  const { denials, size } = await readInline(RoleName, aws);
  const denial = denials[quarantineName(id)];
  const isTooLarge = denial === undefined && size + sizeOf(quarantine(id)) > maxSize;
  return {
    name: RoleName,
    ...(denial !== undefined && { denial }),
    ...(isTooLarge && { without: `its inline policies would exceed the ${maxSize} characters that IAM allows` }),
    ...(denial !== undefined && !saysSame(denial, quarantine(id)) && { without: `it has another policy ${quarantineName(id)}` }),
  };
}

const nameOf = (id: string, { name }: InstanceRole) => ({ RoleName: name, PolicyName: quarantineName(id) });

/** Denies everything to the sessions of the instance, and nothing to others with the role. */
export function sessionChanges(id: string, role: InstanceRole | undefined): readonly Change[] {
  if (role === undefined || role.denial !== undefined || role.without !== undefined) return [];
  return [
    {
      do: new PutRolePolicyCommand({ ...nameOf(id, role), PolicyDocument: quarantine(id) }),
      undo: new DeleteRolePolicyCommand(nameOf(id, role)),
      note: `It denies the sessions of the instance ${id} alone, also those whose credentials were copied.`,
    },
  ];
}

interface Roled {
  readonly role?: InstanceRole;
}

/** The denial, if the response made it, and it is still there. */
export function releasingSessions(id: string, now: Roled, before: Roled, after: Roled): readonly AwsCommand[] {
  const isOwn = after.role?.denial !== undefined && before.role?.denial === undefined && before.role?.name === after.role.name;
  if (!isOwn || after.role === undefined || now.role?.name !== after.role.name || now.role.denial !== after.role.denial) return [];
  return [new DeleteRolePolicyCommand(nameOf(id, after.role))];
}

export function sessionTargets(id: string, held: readonly Roled[]): Targets {
  const name = { RoleName: held.flatMap(({ role }) => role?.name ?? []), PolicyName: quarantineName(id) };
  return {
    PutRolePolicy: { ...name, PolicyDocument: (text) => saysSame(text, quarantine(id)) },
    DeleteRolePolicy: name,
  };
}

export const sessionReading: readonly Grant[] = [
  { actions: ['iam:GetInstanceProfile'], on: 'arn:{partition}:iam::{account}:instance-profile/*' },
  inlineReading,
];

export const sessionChanging: Grant = { actions: ['iam:PutRolePolicy', 'iam:DeleteRolePolicy'], on: roles };

export const sessionCommands = [PutRolePolicyCommand, DeleteRolePolicyCommand];
