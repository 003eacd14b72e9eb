import { GetRoleCommand } from '@aws-sdk/client-iam';
import { undefinedOn } from '../../absence';
import { isObject } from '../../json';
import { readPolicy, stringsIn } from '../../policy';
import type { Aws, Grant, Place } from '../../rule';

const absence = ['NoSuchEntityException', 'NoSuchEntity'];

/** The permissions to read a role that a parameter names. */
export const namedRoleReading: Grant = { actions: ['iam:GetRole'], on: 'arn:{partition}:iam::{account}:role/*' };

/** The ARN of a role, from its name with its path if it has one. */
export const namedRoleArn = ({ partition, account }: Place, named: string): string => `arn:${partition}:iam::${account}:role/${named}`;

/** The services that may assume a role; undefined if no role has that name and path. */
export async function servicesTrustedBy(place: Place, named: string, aws: Aws): Promise<readonly string[] | undefined> {
  const RoleName = named.slice(named.lastIndexOf('/') + 1);
  const { Role } = (await undefinedOn(absence, aws.send(new GetRoleCommand({ RoleName })))) ?? {};
  if (Role?.Arn !== namedRoleArn(place, named)) return undefined;
  const { statements = [] } = readPolicy(decodeURIComponent(Role.AssumeRolePolicyDocument ?? '')) ?? {};
  return statements.flatMap(({ Effect, Principal }) =>
    Effect === 'Allow' && isObject(Principal) && Principal.Service !== undefined ? (stringsIn(Principal.Service) ?? []) : [],
  );
}
