import { callOf } from '../../functions/aws/call';
import { sameJson } from '../../functions/canonical-json';
import type { Json, Resource, Rule } from '../../rules/rule';
import { altered } from './independence';

interface Fixed {
  readonly before: Json;
  readonly after: Json;
  readonly parameters: unknown;
}

/**
 * The members of the state, as paths, that a rule takes for its own part although the fix did not change them: as if others had changed them
 * between the fix and the look at it.
 */
export function takenForOwn(rule: Rule, resource: Resource, { before, after, parameters }: Fixed): readonly string[] {
  const callsFrom = (state: Json): Json | undefined =>
    rule.revertOwnPart?.(resource, after, { before: state, after, parameters })?.map((command) => callOf(command) as unknown as Json);
  const own = callsFrom(before) ?? null;
  return altered(before).flatMap(({ at, value }) => {
    const path = at.replace(/, removed$/, '').split('.');
    if (!sameJson(valueIn(before, path) ?? null, valueIn(after, path) ?? null)) return [];
    const calls = callsFrom(value);
    return calls === undefined || sameJson(calls, own) ? [] : [at];
  });
}

/** The value at a path, also in a document as a text. */
function valueIn(value: Json | undefined, [key, ...rest]: readonly string[]): Json | undefined {
  const inside = typeof value === 'string' && value.startsWith('{') ? (JSON.parse(value) as Json) : value;
  if (key === undefined) return inside;
  if (typeof inside !== 'object' || inside === null) return undefined;
  return valueIn((inside as Readonly<Record<string, Json>>)[key], rest);
}
