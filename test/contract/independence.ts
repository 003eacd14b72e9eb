import { isChanges, loggedChange } from '../../functions/plan/change';
import type { Json, PlanContext, Resource, Rule } from '../../rules/rule';
import { isOfResource } from '../../rules/target';

/**
 * The members of the state that a rule would write back as a part of something else, as paths: altering one alters the change and its undo alike.
 * A setting that the undo restores is in the undo alone.
 */
export function writtenAlong(rule: Rule, resource: Resource, state: Json, context: PlanContext<unknown>): readonly string[] {
  const changes = callsOf(rule, resource, state, context);
  if (!changes) return ['no plan'];
  return altered(state).flatMap(({ at, value }) => {
    const others = callsOf(rule, resource, value, context);
    // Of another resource, nothing is written.
    if (!others?.every(({ call }) => isOfResource(rule, call, resource, { now: state, before: state, parameters: context.parameters })))
      return [];
    if (others.length === 0) return [];
    if (others.length !== changes.length) return [at];
    const isAlong = changes.some((change, index) => {
      const other = others[index];
      return other === undefined || differing(change.do, other.do).some((path) => differing(change.undo, other.undo).includes(path));
    });
    return isAlong ? [at] : [];
  });
}

function callsOf(rule: Rule, resource: Resource, state: Json, context: PlanContext<unknown>) {
  const plan = rule.plan(resource, state, context);
  if (!isChanges(plan)) return undefined;
  return plan.map(loggedChange).map((change) => ({
    call: change.do,
    do: leaves(change.do as unknown as Json),
    undo: leaves('undo' in change ? (change.undo as unknown as Json) : null),
  }));
}

type Leaves = ReadonlyMap<string, Json | undefined>;

const differing = (some: Leaves, others: Leaves): readonly string[] =>
  [...new Set([...some.keys(), ...others.keys()])].filter((path) => some.get(path) !== others.get(path));

function leaves(value: Json | undefined, at = ''): Leaves {
  if (typeof value !== 'object' || value === null) return new Map([[at, value]]);
  return new Map(Object.entries(value).flatMap(([key, one]) => [...leaves(one as Json, at === '' ? key : `${at}.${key}`)]));
}

export interface Altered {
  readonly at: string;
  readonly value: Json;
}

/** The state with each of its values altered. */
export function altered(value: Json | undefined, at = ''): readonly Altered[] {
  if (typeof value === 'string') return value.startsWith('{') ? alteredDocument(value, at) : [{ at, value: `${value}x` }];
  if (typeof value === 'number') return [{ at, value: value + 1 }];
  if (typeof value === 'boolean') return [{ at, value: !value }];
  if (value === null || value === undefined) return [];
  const entries = Object.entries(value);
  const put = (key: string, one: Json): Json => (Array.isArray(value) ? value.with(Number(key), one) : ({ ...value, [key]: one } as Json));
  const without = (key: string): Json =>
    Array.isArray(value) ? value.toSpliced(Number(key), 1) : (Object.fromEntries(entries.filter(([name]) => name !== key)) as Json);
  return entries.flatMap(([key, one]) => {
    const path = at === '' ? key : `${at}.${key}`;
    const less = Array.isArray(value) ? [{ at: `${path}, removed`, value: without(key) }] : [];
    return [...less, ...altered(one as Json, path).map((other) => ({ at: other.at, value: put(key, other.value) }))];
  });
}

/** A policy as a text, with each of its values altered. */
const alteredDocument = (text: string, at: string): readonly Altered[] =>
  altered(JSON.parse(text) as Json, at).map((other) => ({ at: other.at, value: JSON.stringify(other.value) }));
