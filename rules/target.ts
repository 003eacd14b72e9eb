import { isObject } from './json';
import { type Json, type Resource, type Rule, type TargetContext, toArray } from './rule';

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
  const target = Object.hasOwn(declared, operation) ? declared[operation] : kind?.target?.(resource);
  if (!target) return false;
  return Object.entries(target).every(([field, allowed]) => areAmong(toArray(allowed), valuesAt(field.split('.'), input)));
}

const areAmong = (allowed: readonly string[], values: readonly unknown[]): boolean =>
  values.length > 0 && values.every((value) => typeof value === 'string' && allowed.includes(value));

/** The values of a field, also of a nested one (`Endpoint.Id`), and of each element of a list (`Ids[]`). */
function valuesAt([step, ...rest]: readonly string[], value: Json | undefined): readonly unknown[] {
  if (step === undefined) return [value];
  const name = step.replace(/\[\]$/, '');
  const member = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  if (name === step) return valuesAt(rest, member);
  // Of anything else than a list, nothing is allowed.
  return Array.isArray(member) ? member.flatMap((one: Json) => valuesAt(rest, one)) : [undefined];
}
