import { isObject, type JsonObject } from '../../json';
import { stringsIn } from '../../policy';
import type { Json } from '../../rule';
import { matchesWildcard } from '../../wildcard';
import { everybody, meet, namesOf, principalOf } from './grantees';

/**
 * An Allow statement without the actions for the foreign principals: the statement for all others, and the other actions for these.
 * Undefined if it can't be written so that it allows exactly the rest.
 */
export function takeOut(statement: JsonObject, foreign: readonly string[], actions: readonly string[]): readonly JsonObject[] | undefined {
  const { Principal, Sid } = statement;
  // What principals of the own account are allowed by it alone, no other principal element says.
  if (foreign.includes(everybody) || !isObject(Principal)) return undefined;
  const rest = otherActions(statement, actions);
  if (rest === undefined) return undefined;
  const others = Object.fromEntries(
    Object.entries(Principal).flatMap(([sort, names]) => {
      const kept = (stringsIn(names) ?? []).filter((name) => !(namesOf(statement).includes(name) && foreign.includes(name)));
      return kept.length > 0 ? [[sort, Array.isArray(names) ? kept : (kept[0] ?? '')] as const] : [];
    }),
  );
  const isShared = Object.keys(others).length > 0;
  const own = isShared ? [{ ...statement, Principal: others }] : [];
  if (rest === 'none') return own;
  const { Action: _, NotAction: __, Sid: ___, ...common } = statement;
  // Statement ids are unique within a policy.
  return [
    ...own,
    { ...(Sid !== undefined && !isShared && { Sid }), ...common, Principal: isShared ? principalOf(foreign) : Principal, ...rest },
  ];
}

/** The actions that a statement covers beside these, as its element; undefined if no element says exactly those. */
function otherActions({ Action, NotAction }: JsonObject, actions: readonly string[]): JsonObject | 'none' | undefined {
  const isTaken = (pattern: string) => actions.some((action) => matchesWildcard(pattern.toLowerCase(), action.toLowerCase()));
  if (NotAction !== undefined) {
    const excepted = stringsIn(NotAction);
    return excepted && { NotAction: [...excepted.filter((pattern) => !isTaken(pattern)), ...actions] };
  }
  const listed = stringsIn(Action as Json | undefined);
  if (listed?.some(isEveryAction)) return { NotAction: [...actions] };
  const kept = listed?.filter((pattern) => !isTaken(pattern));
  if (kept === undefined || kept.some((pattern) => actions.some((action) => meet(action.toLowerCase(), pattern.toLowerCase()))))
    return undefined;
  return kept.length > 0 ? { Action: kept } : 'none';
}

const isEveryAction = (pattern: string): boolean => /^(s3:)?\*+$/i.test(pattern);
