import { isAboutEverybody } from '../../everybody';
import { isObject, type JsonObject } from '../../json';
import { stringsIn } from '../../policy';
import type { Json } from '../../rule';
import { matchesWildcard } from '../../wildcard';

/** Everyone, as written in a policy. */
export const everybody = '*';

/** An account: its id, and its canonical user id where it is known. */
export interface Owner {
  readonly account: string;
  readonly canonical?: string;
}

/** The principals of other accounts in a statement, as written there; `*` if it is for everyone, or for everyone with exceptions. */
export function foreigners(statement: JsonObject, { account, canonical }: Owner): readonly string[] {
  const { Principal, NotPrincipal } = statement;
  if (NotPrincipal !== undefined || isAboutEverybody({ Principal: accountsOf(Principal) })) return [everybody];
  return namesOf(statement).filter((name) => (isCanonical(name) ? name !== canonical : accountIn(name) !== account));
}

/** Services belong to no account, and identity providers do not show theirs. */
const accountsOf = (principal: Json | undefined): Json | undefined => (isObject(principal) ? { AWS: principal.AWS ?? [] } : principal);

/** The accounts, users and roles in a statement, also by canonical user ids. */
export const namesOf = ({ Principal }: JsonObject): readonly string[] =>
  isObject(Principal)
    ? [Principal.AWS, Principal.CanonicalUser].flatMap((names) => (names === undefined ? [] : (stringsIn(names) ?? [])))
    : [];

/** Whether a principal is a canonical user id. */
export const isCanonical = (name: string): boolean => /^[0-9a-f]{32,}$/.test(name);

/** The Principal element with these names. */
export function principalOf(names: readonly string[]): JsonObject {
  const listed = (some: readonly string[]) => (some.length > 1 ? some : (some[0] ?? ''));
  const [canonical, others] = [names.filter(isCanonical), names.filter((name) => !isCanonical(name))];
  return { ...(others.length > 0 && { AWS: listed(others) }), ...(canonical.length > 0 && { CanonicalUser: listed(canonical) }) };
}

/** The account of a principal, from its id or an ARN. */
const accountIn = (name: string): string | undefined => (name.startsWith('arn:') ? name.split(':')[4] : name);

/** Whether these names deny a principal: its own, its account's, or everyone's. */
export const includes = (names: readonly string[], principal: string): boolean =>
  names.some((name) => name === everybody || name === principal || (isAccount(name) && accountIn(name) === accountIn(principal)));

const isAccount = (name: string): boolean => /^(\d{12}|arn:[^:]+:iam::\d{12}:root)$/.test(name);

/** The principals of a Deny statement. */
export const deniedBy = (statement: JsonObject): readonly string[] =>
  statement.Principal === everybody ? [everybody] : namesOf(statement);

/** The given actions that a statement covers, by name or by pattern. */
export function actionsOf({ Action, NotAction }: JsonObject, actions: readonly string[]): readonly string[] {
  const isIn = (element: Json, action: string): boolean =>
    (stringsIn(element) ?? [everybody]).some((pattern) => meet(action.toLowerCase(), pattern.toLowerCase()));
  if (NotAction !== undefined)
    return actions.filter(
      (action) => !(stringsIn(NotAction) ?? []).some((pattern) => matchesWildcard(action.toLowerCase(), pattern.toLowerCase())),
    );
  return Action === undefined ? [] : actions.filter((action) => isIn(Action, action));
}

/** Whether two patterns can match the same action. */
export const meet = (a: string, b: string): boolean => matchesWildcard(a, b) || matchesWildcard(b, a);
