import { isObject } from './json';
import { type Json, type Resource, type Rule, type Target, type TargetContext, toArray } from './rule';

/** A logged call. */
interface Call {
  readonly operation: string;
  readonly input: Json;
}

/** Whether a call of the rule acts on the resource, a part of it, or a thing that the rule made for it, and on nothing else. */
export function isOfResource<State extends Json, Parameters>(
  rule: Rule<State, Parameters>,
  { operation, input }: Call,
  resource: Resource,
  context: TargetContext<State, Parameters>,
): boolean {
  const declared = rule.targets?.(resource, context) ?? {};
  const kind = toArray(rule.resource).find(({ type }) => type === resource.type);
  const targets = Object.hasOwn(declared, operation) ? declared[operation] : kind?.target?.(resource);
  return toArray(targets ?? []).some((target) => Object.entries(target).every(([field, names]) => isNamed(names, valuesAt(field, input))));
}

function isNamed(names: Target[string], values: readonly unknown[]): boolean {
  if (names === null) return values.every((value) => value === undefined);
  const isOne = typeof names === 'function' ? names : (value: string) => toArray(names).includes(value);
  return values.length > 0 && values.every((value) => (typeof value === 'string' || Number.isSafeInteger(value)) && isOne(String(value)));
}

/** The values of a field, also of a nested one (`Endpoint.Id`), and of each element of a list (`Ids[]`). */
function valuesAt(field: string, value: Json | undefined): readonly unknown[] {
  const [step = '', ...rest] = field.split('.');
  const name = step.replace(/\[\]$/, '');
  const member = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  const below = (one: Json | undefined) => (rest.length > 0 ? valuesAt(rest.join('.'), one) : [one]);
  if (name === step) return below(member);
  // Another form than a list is refused as no name.
  return Array.isArray(member) ? member.flatMap(below) : [member];
}
