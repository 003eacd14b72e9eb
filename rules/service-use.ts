import { type Test, testsIn } from './condition';
import { isObject, type JsonObject } from './json';
import { stringsIn } from './policy';
import type { Json } from './rule';
import { arnFits, matchesWildcard } from './wildcard';

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

/** Whether a statement lets the service do so, its condition met for sure, and none denies it, or may. */
export const admits = (statements: readonly JsonObject[], use: ServiceUse): boolean =>
  statements.some((statement) => allows(statement, use)) && !statements.some((statement) => mayDeny(statement, use));

const allows = (
  { Effect, Principal, Action, Resource, Condition }: JsonObject,
  { service, action, resource, context }: ServiceUse,
): boolean =>
  Effect === 'Allow' &&
  (names(isObject(Principal) ? Principal.Service : undefined).includes(service) || names(Principal).includes('*')) &&
  names(Action).some((pattern) => isAction(action, pattern)) &&
  names(Resource).some(
    (pattern) => matchesWildcard(resource.replace(/\*$/, ''), pattern) && (pattern.endsWith('*') || !resource.endsWith('*')),
  ) &&
  isMet(Condition, context) === 'yes';

function mayDeny(statement: JsonObject, { service, action, resource, context }: ServiceUse): boolean {
  const { Effect, Principal, NotPrincipal, Action, NotAction, Resource, NotResource, Condition } = statement;
  if (Effect !== 'Deny') return false;
  const whom = isObject(Principal) ? [Principal.Service, Principal.AWS].flatMap(names) : names(Principal);
  return (
    (NotPrincipal !== undefined || whom.some((one) => one === '*' || one === service)) &&
    (NotAction === undefined
      ? names(Action).some((pattern) => isAction(action, pattern))
      : !names(NotAction).some((pattern) => isAction(action, pattern))) &&
    (NotResource !== undefined || names(Resource).some((pattern) => mayMeet(resource, pattern))) &&
    isMet(Condition, context) !== 'no'
  );
}

const isAction = (action: string, pattern: string): boolean => matchesWildcard(action.toLowerCase(), pattern.toLowerCase());

/** Whether two patterns of ARNs may have one in common: what stands before their wildcards agrees. */
function mayMeet(one: string, other: string): boolean {
  const [a = '', b = ''] = [one, other].map((pattern) => pattern.replace(/[*?].*$/s, ''));
  return a.startsWith(b) || b.startsWith(a);
}

const names = (element: Json | undefined): readonly string[] => (element === undefined ? [] : (stringsIn(element) ?? []));

type Answer = 'yes' | 'no' | 'unknown';

/** Of all that services do for us: it comes by the newest TLS, and says by whom. */
const ofServices: ServiceUse['context'] = { 'aws:securetransport': 'true', 'aws:principalisawsservice': 'true' };

function isMet(condition: Json | undefined, context: ServiceUse['context']): Answer {
  if (condition === undefined) return 'yes';
  const answers = testsIn(condition)?.map((test) => answerOf(test, { ...ofServices, ...context })) ?? ['unknown'];
  if (answers.includes('no')) return 'no';
  return answers.includes('unknown') ? 'unknown' : 'yes';
}

function answerOf({ operator, key, value }: Test, context: ServiceUse['context']): Answer {
  if (operator === 'NumericLessThan' && key.toLowerCase() === 's3:tlsversion') return 'no';
  const [whole, sort, not, how] =
    /^(?:For(?:AnyValue|AllValues):)?(?:(String|Arn)(Not)?(Equals|Like)|Bool)(?:IfExists)?$/.exec(operator) ?? [];
  const known = context[key.toLowerCase()];
  if (whole === undefined || known === undefined) return 'unknown';
  const matchesText = how === 'Like' ? matchesWildcard : Object.is;
  const matches = sort === 'Arn' ? arnFits : matchesText;
  const wanted = [value].flat().map(String);
  return wanted.some((one) => matches(known, one)) === (not === undefined) ? 'yes' : 'no';
}
