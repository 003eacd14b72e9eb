import { matchesWildcard } from '../../rules/wildcard';

/** A pattern without wildcards matches only that principal; a role matches all its sessions. */
export function isPrincipal(arn: string, pattern: string): boolean {
  if (matchesWildcard(arn, pattern)) return true;
  const [, partition, account, role] = /^arn:([^:]+):sts::(\d{12}):assumed-role\/([^/]+)\/[^/]+$/.exec(arn) ?? [];
  return role !== undefined && matchesWildcard(`arn:${partition}:iam::${account}:role/${role}`, withoutPath(pattern));
}

/** The ARN of a session does not contain the path of its role. Role names are unique in an account; in a pattern, the path is kept. */
const withoutPath = (pattern: string): string => (/[*?]/.test(pattern) ? pattern : pattern.replace(/:role\/.*\//, ':role/'));
