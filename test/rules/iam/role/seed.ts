import {
  CreateRoleCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
  type Tag,
} from '@aws-sdk/client-iam';
import type { World } from '../../../contract/scenario';

const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

interface Seed {
  readonly path?: string;
  readonly name?: string;
  /** By name. */
  readonly policies?: Readonly<Record<string, string>>;
  readonly tags?: Tag[];
}

/** A role with inline policies; gives its ARN. */
export const roleWith =
  ({ path = '/', name = `role-${Math.random().toString(36).slice(2)}`, policies = {}, tags }: Seed = {}) =>
  async (world: World): Promise<string> => {
    const { Role } = await world.send(new CreateRoleCommand({ RoleName: name, Path: path, AssumeRolePolicyDocument: trust, Tags: tags }));
    for (const [PolicyName, PolicyDocument] of Object.entries(policies))
      await world.send(new PutRolePolicyCommand({ RoleName: name, PolicyName, PolicyDocument }));
    return Role?.Arn ?? '';
  };

export const roleName = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

export async function roleIdOf(world: World, arn: string): Promise<string> {
  return (await world.send(new GetRoleCommand({ RoleName: roleName(arn) }))).Role?.RoleId ?? '';
}

/** The inline policies of a role, by name. */
export async function inlineOf(world: World, arn: string): Promise<Readonly<Record<string, unknown>>> {
  const RoleName = roleName(arn);
  const { PolicyNames = [] } = await world.send(new ListRolePoliciesCommand({ RoleName }));
  const read = PolicyNames.map(async (PolicyName) => {
    const { PolicyDocument = '' } = await world.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
    return [PolicyName, JSON.parse(decodeURIComponent(PolicyDocument))] as const;
  });
  return Object.fromEntries(await Promise.all(read));
}
