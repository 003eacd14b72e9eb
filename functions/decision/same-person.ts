import { matchesWildcard } from '../../rules/wildcard';

/** Roles of IAM Identity Center, which names each session after the user. */
const identityCenter = 'arn:*:iam::*:role/AWSReservedSSO_*';

/**
 * Whether two ARNs may belong to one person. The caller of AssumeRole chooses the session name, so all sessions of a role count as one person,
 * unless the role is in `personal`. The same session name counts as the same person, regardless of the role.
 */
export function isSamePerson(one: string, other: string, personal: readonly string[]): boolean {
  if (one === other) return true;
  const [a, b] = [sessionOf(one), sessionOf(other)];
  if (!a || !b) return false;
  if (a.name.toLowerCase() === b.name.toLowerCase()) return true;
  return a.role === b.role && ![identityCenter, ...personal].some((pattern) => matchesWildcard(a.role, pattern));
}

function sessionOf(arn: string): { readonly role: string; readonly name: string } | undefined {
  const [, partition, account, role, name] = /^arn:([^:]+):sts::(\d{12}):assumed-role\/([^/]+)\/(.+)$/.exec(arn) ?? [];
  return name === undefined ? undefined : { role: `arn:${partition}:iam::${account}:role/${role}`, name };
}
