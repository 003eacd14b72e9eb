import { isPersonal } from './personal-session';
import type { Policy } from './policy';
import type { PlacedProblem } from './problem';

/** Approvers of whom four eyes can't tell who they are, so that one person could stand for two. */
export function* approverWarnings({ approvals }: Pick<Policy, 'approvals'>): Generator<PlacedProblem> {
  if (!approvals.fourEyes) return;
  const all = approvals.approvers.flatMap(({ principals }, index) =>
    principals.map((principal, position) => ({ principal, role: roleOf(principal), path: [...at, index, 'principals', position] })),
  );
  const users = all.filter(({ principal }) => principal.includes(':user/'));
  const personal = all.filter(({ role }) => role !== undefined && isPersonal(role, approvals));
  for (const one of all) if (![...users, ...personal].includes(one)) yield [one.path, unnamed(one.role ?? one.principal)];
  if (users.length === 0 || personal.length === 0) return;
  const both = [...new Set([...users, ...personal].map(({ role, principal }) => role ?? principal))].join(', ');
  const message = `one person can have an IAM user and a session of a role (${both}), and would pass as two for four eyes unless both have the same name. Use one kind of identity.`;
  yield [at, message];
}

const at = ['approvals', 'approvers'] as const;

const unnamed = (who: string): string =>
  `one person can stand for two as ${who}, alone or together with another approver: four eyes can't tell who it is, and refuses its approvals of what somebody requested or changed. Use IAM users, or a role whose session names an identity provider sets, and list it in approvals.personalSessions.`;

/** The role of a principal of the policy, without its path, as the ARNs of sessions have it; undefined for any other. */
function roleOf(principal: string): string | undefined {
  const [, partition, account, path = ''] = /^arn:([^:]+):(?:iam|sts)::(\d{12}):(?:role|assumed-role)\/(.+)$/.exec(principal) ?? [];
  if (partition === undefined) return undefined;
  const parts = path.split('/');
  const name = principal.includes(':assumed-role/') ? parts[0] : parts.at(-1);
  return `arn:${partition}:iam::${account}:role/${name}`;
}
