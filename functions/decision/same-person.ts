import { fits } from '../../rules/wildcard';

/** Roles of IAM Identity Center: it names each session after the person. */
const identityCenter = 'arn:*:iam::*:role/AWSReservedSSO_*';

/**
 * Whether two ARNs may be of one person. Who may assume a role chooses the name of the session, so all sessions of a role are one person,
 * unless the role is among those whose sessions are `personal`. The same name of a session is the same person, whatever the role.
 */
export function isSamePerson(one: string, other: string, personal: readonly string[]): boolean {
  if (one === other) return true;
  const [a, b] = [sessionOf(one), sessionOf(other)];
  if (!a || !b) return false;
  if (a.name.toLowerCase() === b.name.toLowerCase()) return true;
  return a.role === b.role && ![identityCenter, ...personal].some((pattern) => fits(a.role, pattern));
}

function sessionOf(arn: string): { readonly role: string; readonly name: string } | undefined {
  const [, partition, account, role, name] = /^arn:([^:]+):sts::(\d{12}):assumed-role\/([^/]+)\/(.+)$/.exec(arn) ?? [];
  return name === undefined ? undefined : { role: `arn:${partition}:iam::${account}:role/${role}`, name };
}
