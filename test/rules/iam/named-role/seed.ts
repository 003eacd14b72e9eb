import { CreateRoleCommand } from '@aws-sdk/client-iam';
import type { World } from '../../../contract/scenario';

/** Makes a role that lets a service take it on, named with its path as a parameter names it; then what the seed makes. */
export const besideRole =
  (named: string, service: string, seed: (world: World) => Promise<string>) =>
  async (world: World): Promise<string> => {
    const at = named.lastIndexOf('/') + 1;
    const trust = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }] };
    const AssumeRolePolicyDocument = JSON.stringify(trust);
    await world.send(new CreateRoleCommand({ RoleName: named.slice(at), Path: `/${named.slice(0, at)}`, AssumeRolePolicyDocument }));
    return seed(world);
  };
