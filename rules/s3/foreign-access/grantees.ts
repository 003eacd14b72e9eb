import { isAboutEverybody } from '../../everybody';
import { isObject, type JsonObject } from '../../json';
import { stringsIn } from '../../policy';
import type { Json } from '../../rule';
import { fits } from '../../wildcard';

/** Everybody, as in a policy. */
export const everybody = '*';

/** The principals of other accounts that a statement names, as it names them; `*` where it is for everybody, or for all but some. */
export function foreigners({ Principal, NotPrincipal }: JsonObject, account: string): readonly string[] {
  if (NotPrincipal !== undefined || isAboutEverybody({ Principal: accountsOf(Principal) })) return [everybody];
  return namesIn(Principal).filter((name) => accountIn(name) !== account);
}

/** Services are of no account, and how a canonical id or an identity provider is called does not tell one. */
const accountsOf = (principal: Json | undefined): Json | undefined => (isObject(principal) ? { AWS: principal.AWS ?? [] } : principal);

const namesIn = (principal: Json | undefined): readonly string[] =>
  isObject(principal) && principal.AWS !== undefined ? (stringsIn(principal.AWS) ?? []) : [];

/** The account of a principal, given by its id or an ARN. */
const accountIn = (name: string): string | undefined => (name.startsWith('arn:') ? name.split(':')[4] : name);

/** Whether a principal is denied by these names: its own, that of its account, or everybody's. */
export const includes = (names: readonly string[], principal: string): boolean =>
  names.some((name) => name === everybody || name === principal || (isAccount(name) && accountIn(name) === accountIn(principal)));

const isAccount = (name: string): boolean => /^(\d{12}|arn:[^:]+:iam::\d{12}:root)$/.test(name);

/** The names of the principals of a denial. */
export const deniedBy = ({ Principal }: JsonObject): readonly string[] => (Principal === everybody ? [everybody] : namesIn(Principal));

/** Which of these actions a statement is about; what it leaves to a pattern counts. */
export function actionsOf({ Action, NotAction }: JsonObject, actions: readonly string[]): readonly string[] {
  const isIn = (element: Json, action: string): boolean =>
    (stringsIn(element) ?? [everybody]).some((pattern) => meet(action.toLowerCase(), pattern.toLowerCase()));
  if (NotAction !== undefined)
    return actions.filter((action) => !(stringsIn(NotAction) ?? []).some((pattern) => fits(action.toLowerCase(), pattern.toLowerCase())));
  return Action === undefined ? [] : actions.filter((action) => isIn(Action, action));
}

/** Whether two patterns may be about the same action. */
const meet = (a: string, b: string): boolean => fits(a, b) || fits(b, a);
