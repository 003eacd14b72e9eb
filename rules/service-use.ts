import { isObject, type JsonObject } from './json';
import { stringsIn } from './policy';
import type { Json } from './rule';
import { arnFits, fits } from './wildcard';

/** What an AWS service does with a resource of ours. */
export interface ServiceUse {
  /** Such as `cloudtrail.amazonaws.com`. */
  readonly service: string;
  readonly action: string;
  /** An ARN; with a `*` at its end, everything that begins so. */
  readonly resource: string;
  /** The values of the condition keys that the service sends, the keys in lower case. */
  readonly context: Readonly<Record<string, string>>;
}

/** Whether a statement lets the service do so, its condition met for sure. Denials are not looked at. */
export const admits = (statements: readonly JsonObject[], { service, action, resource, context }: ServiceUse): boolean =>
  statements.some(
    ({ Effect, Principal, Action, Resource, Condition }) =>
      Effect === 'Allow' &&
      (names(isObject(Principal) ? Principal.Service : undefined).includes(service) || names(Principal).includes('*')) &&
      names(Action).some((pattern) => fits(action.toLowerCase(), pattern.toLowerCase())) &&
      names(Resource).some((pattern) => fits(resource.replace(/\*$/, ''), pattern) && (pattern.endsWith('*') || !resource.endsWith('*'))) &&
      isMet(Condition, context),
  );

const names = (element: Json | undefined): readonly string[] => (element === undefined ? [] : (stringsIn(element) ?? []));

/** Whether a condition is met for sure: its operators and keys are known, and each has a value that fits. */
function isMet(condition: Json | undefined, context: ServiceUse['context']): boolean {
  if (condition === undefined) return true;
  if (!isObject(condition)) return false;
  return Object.entries(condition).every(([operator, tested]) => {
    const comparison = /^(?:For(?:AnyValue|AllValues):)?(String|Arn)(Equals|Like)(?:IfExists)?$/.exec(operator);
    if (!comparison || !isObject(tested)) return false;
    const [, sort, how] = comparison;
    return Object.entries(tested).every(([key, values]) => {
      const value = context[key.toLowerCase()];
      const matches = sort === 'Arn' ? arnFits : how === 'Like' ? fits : Object.is;
      return value !== undefined && names(values).some((wanted) => matches(value, wanted));
    });
  });
}
