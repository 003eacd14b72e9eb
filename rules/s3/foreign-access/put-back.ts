import { type JsonObject, sameJson } from '../../json';
import type { Json } from '../../rule';
import { namesOf } from './grantees';

/** The statements of a policy. */
type Statements = readonly JsonObject[];

/** What replaced a part of a policy: the statements that are gone, and those made in their stead. */
interface Part {
  readonly was: JsonObject | undefined;
  readonly is: Statements;
}

/**
 * The statements that are there now, with what a fix took out put back and what it made removed, and all that others have changed kept.
 * Undefined if others have changed a part of the fix.
 */
export function putBack(now: Statements, before: Statements, after: Statements): Statements | undefined {
  let left = now;
  // From the end, so that what follows a statement is there when it is put back.
  for (const { was, is } of partsOf(before, after).toReversed()) {
    if (was && has(left, was)) continue;
    const present = is.filter((one) => has(left, one));
    if (present.length < is.length) {
      // Removed by others altogether, so nothing of the fix is left of it; or changed.
      const isChanged = present.length > 0 || is.some(({ Sid }) => Sid !== undefined && left.some((other) => other.Sid === Sid));
      if (isChanged) return undefined;
      continue;
    }
    left = replaced(left, { was, is }, was ? before.slice(before.indexOf(was) + 1) : []);
  }
  return left;
}

/** The statements with the part as it was: in its place, or before what followed it. Parts may have equal statements, of which the last is its own. */
function replaced(now: Statements, { was, is }: Part, following: Statements): Statements {
  const own = is.map((one) => now.findLastIndex((other) => sameJson(other, one)));
  const others = now.filter((_, index) => !own.includes(index));
  if (!was) return others;
  const at = own[0] ?? now.findIndex((one) => has(following, one));
  return others.toSpliced(at < 0 ? others.length : at, 0, was);
}

/** The parts of a policy that a fix changed. Its statements stand in the order of those that they replaced, and the ones that replace none at the end. */
function partsOf(before: Statements, after: Statements): readonly Part[] {
  const parts: Part[] = [];
  let rest = after;
  for (const [index, was] of before.entries()) {
    const later = before.slice(index + 1);
    if (rest[0] && sameJson(rest[0], was)) {
      rest = rest.slice(1);
      continue;
    }
    const next = rest.findIndex((one) => has(later, one));
    const is = leftOf(was, next < 0 ? rest : rest.slice(0, next));
    rest = rest.slice(is.length);
    parts.push({ was, is });
  }
  return [...parts, ...rest.map((one) => ({ was: undefined, is: [one] }))];
}

/** What is left of an Allow statement, at the start of these: the statement for the other principals, and one for the other actions. */
function leftOf(was: JsonObject, [first, second]: Statements): Statements {
  const isPart = (one: JsonObject | undefined, Sid: Json | undefined): one is JsonObject =>
    one !== undefined &&
    sameJson(
      [one.Effect, one.Resource, one.NotResource, one.Condition, one.Sid],
      [was.Effect, was.Resource, was.NotResource, was.Condition, Sid],
    ) &&
    namesOf(one).every((name) => namesOf(was).includes(name));
  if (!isPart(first, was.Sid)) return [];
  const isShared = sameJson([first.Action, first.NotAction], [was.Action, was.NotAction]);
  return isShared && isPart(second, undefined) ? [first, second] : [first];
}

const has = (statements: Statements, one: JsonObject): boolean => statements.some((other) => sameJson(other, one));
