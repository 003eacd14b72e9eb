import { isAboutEverybody } from '../../everybody';
import { isObject, type JsonObject } from '../../json';
import { stringsIn } from '../../policy';
import type { Json } from '../../rule';
import { matchesWildcard } from '../../wildcard';

/** Everyone, as written in a policy. */
export const everybody = '*';

/** The principals of other accounts in a statement, as written there; `*` if it is for everyone, or for everyone with exceptions. */
export function foreigners({ Principal, NotPrincipal }: JsonObject, account: string): readonly string[] {
  if (NotPrincipal !== undefined || isAboutEverybody({ Principal: accountsOf(Principal) })) return [everybody];
  return namesIn(Principal).filter((name) => accountIn(name) !== account);
}

/** Services belong to no account, and canonical ids and identity providers do not show theirs. */
const accountsOf = (principal: Json | undefined): Json | undefined => (isObject(principal) ? { AWS: principal.AWS ?? [] } : principal);

const namesIn = (principal: Json | undefined): readonly string[] =>
  isObject(principal) && principal.AWS !== undefined ? (stringsIn(principal.AWS) ?? []) : [];

/** The account of a principal, from its id or an ARN. */
const accountIn = (name: string): string | undefined => (name.startsWith('arn:') ? name.split(':')[4] : name);

/** Whether these names deny a principal: its own, its account's, or everyone's. */
export const includes = (names: readonly string[], principal: string): boolean =>
  names.some((name) => name === everybody || name === principal || (isAccount(name) && accountIn(name) === accountIn(principal)));

const isAccount = (name: string): boolean => /^(\d{12}|arn:[^:]+:iam::\d{12}:root)$/.test(name);

/** The principals of a Deny statement. */
export const deniedBy = ({ Principal }: JsonObject): readonly string[] => (Principal === everybody ? [everybody] : namesIn(Principal));

/** The given actions that a statement covers, by name or by pattern. */
export function actionsOf({ Action, NotAction }: JsonObject, actions: readonly string[]): readonly string[] {
  const isIn = (element: Json, action: string): boolean =>
    (stringsIn(element) ?? [everybody]).some((pattern) => meet(action.toLowerCase(), pattern.toLowerCase()));
  if (NotAction !== undefined)
    return actions.filter((action) => !(stringsIn(NotAction) ?? []).some((pattern) => matchesWildcard(action.toLowerCase(), pattern.toLowerCase())));
  return Action === undefined ? [] : actions.filter((action) => isIn(Action, action));
}

/** Whether two patterns can match the same action. */
const meet = (a: string, b: string): boolean => matchesWildcard(a, b) || matchesWildcard(b, a);
