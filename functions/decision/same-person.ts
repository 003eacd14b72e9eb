import { matchesWildcard } from '../../rules/wildcard';
import { isPersonal } from '../policy/personal-session';
import type { Policy } from '../policy/policy';

type Roles = Pick<Policy['approvals'], 'personalSessions' | 'automationRoles' | 'channelRoles'>;

/** Whether an approver is the person who did something else. `unknown` names the ARN that does not tell who it is. */
export type Comparison = 'same' | 'different' | { readonly unknown: string };

/**
 * Compares an approver with the principal that requested or changed something. An IAM user, or a session whose name an identity provider sets,
 * stands for one person. The caller of AssumeRole chooses the name of any other session, so one person can have several, in several roles.
 */
export function comparePeople(approver: string, other: string, roles: Roles): Comparison {
  if (approver === other) return 'same';
  const [one, two] = [personIn(approver, roles), personIn(other, roles)];
  if (one === 'automation') return { unknown: approver };
  if (two === 'automation') return 'different';
  if (one !== 'unnamed' && two !== 'unnamed') return one.name === two.name ? 'same' : 'different';
  const [role, otherRole] = [sessionOf(approver)?.role, sessionOf(other)?.role];
  if (role !== undefined && role === otherRole) return 'same';
  return { unknown: one === 'unnamed' ? approver : other };
}

/** What to do about an ARN that does not tell who it is. */
export const howToTell = (arn: string): string =>
  `nobody can tell who ${arn} is. Have IAM users or personal sessions approve, or list its role in approvals.personalSessions or approvals.automationRoles`;

/** The name of the person in lower case: the same name stands for the same person, as a user and in any role. */
function personIn(arn: string, roles: Roles): { readonly name: string } | 'automation' | 'unnamed' {
  const [, user] = /^arn:[^:]+:iam::\d{12}:user\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
  if (user !== undefined) return { name: user.toLowerCase() };
  // An AWS service, as CloudTrail names it.
  if (/^[a-z0-9.-]+\.amazonaws\.com$/.test(arn)) return 'automation';
  const session = sessionOf(arn);
  if (!session) return 'unnamed';
  if (roles.channelRoles.some((pattern) => matchesWildcard(session.role, pattern))) return 'unnamed';
  if (isPersonal(session.role, roles)) return { name: session.name.toLowerCase() };
  return roles.automationRoles.some((pattern) => matchesWildcard(session.role, pattern)) ? 'automation' : 'unnamed';
}

function sessionOf(arn: string): { readonly role: string; readonly name: string } | undefined {
  const [, partition, account, role, name] = /^arn:([^:]+):sts::(\d{12}):assumed-role\/([^/]+)\/(.+)$/.exec(arn) ?? [];
  return name === undefined ? undefined : { role: `arn:${partition}:iam::${account}:role/${role}`, name };
}
