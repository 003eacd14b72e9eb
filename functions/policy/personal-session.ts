import { matchesWildcard } from '../../rules/wildcard';
import type { Policy } from './policy';

/** Roles of IAM Identity Center, which names each session after the user. */
const identityCenter = 'arn:*:iam::*:role/AWSReservedSSO_*';

/** Whether an identity provider sets the session names of the role, one for each person. */
export const isPersonal = (role: string, { personalSessions }: Pick<Policy['approvals'], 'personalSessions'>): boolean =>
  [identityCenter, ...personalSessions].some((pattern) => matchesWildcard(role, pattern));
