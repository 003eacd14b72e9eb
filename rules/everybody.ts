import { isObject, type JsonObject } from './json';
import { stringsIn } from './policy';

/** Whether the principals of a statement include everyone: a wildcard, no principal, or everyone with exceptions. */
export function isAboutEverybody({ Principal }: JsonObject): boolean {
  if (Principal === undefined) return true;
  const named = isObject(Principal) ? Object.values(Principal) : [Principal];
  return named.some((names) => stringsIn(names)?.some(isWildcard) ?? true);
}

/** The statement with only its named principals; undefined if it has none. */
export function withoutEverybody(statement: JsonObject): JsonObject | undefined {
  const { Principal } = statement;
  if (!isObject(Principal)) return undefined;
  const left = Object.entries(Principal).flatMap(([sort, names]) => {
    const named = stringsIn(names)?.filter((name) => !isWildcard(name)) ?? [];
    return named.length > 0 ? [[sort, Array.isArray(names) ? named : named[0]] as const] : [];
  });
  return left.length > 0 ? { ...statement, Principal: Object.fromEntries(left) } : undefined;
}

const isWildcard = (name: string): boolean => name === '' || name.includes('*');
