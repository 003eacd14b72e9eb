import { type JsonObject, sameJson } from '../../json';

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
  for (const { was, is } of partsOf(before, after)) {
    if (was && has(left, was)) continue;
    const present = is.filter((one) => has(left, one));
    if (present.length < is.length) {
      // Removed by others altogether, so nothing of the fix is left of it; or changed.
      const isChanged = present.length > 0 || is.some(({ Sid }) => Sid !== undefined && left.some((other) => other.Sid === Sid));
      if (isChanged) return undefined;
      continue;
    }
    const [first] = is;
    const at = first ? left.findIndex((one) => sameJson(one, first)) : left.length;
    const others = left.filter((one) => !has(is, one));
    left = was ? [...others.slice(0, at), was, ...others.slice(at)] : others;
  }
  return left;
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
    const end = rest.findIndex((one) => has(later, one) || !isOf(one, was));
    const is = end < 0 ? rest : rest.slice(0, end);
    rest = rest.slice(is.length);
    parts.push({ was, is });
  }
  return [...parts, ...rest.map((one) => ({ was: undefined, is: [one] }))];
}

/** Whether a statement is what is left of an Allow statement. */
const isOf = (one: JsonObject, was: JsonObject): boolean =>
  one.Effect === was.Effect && sameJson([one.Resource, one.NotResource, one.Condition], [was.Resource, was.NotResource, was.Condition]);

const has = (statements: Statements, one: JsonObject): boolean => statements.some((other) => sameJson(other, one));
