import { testsIn } from './condition';
import { stringsIn } from './policy';
import type { Json } from './rule';

const account = /^\d{12}$/;
const organisation = /^o-[a-z0-9]{10,32}$/;
const organisationPath = /^o-[a-z0-9]{10,32}\//;

/** Whether a value of a condition key, compared by an operator such as `ArnLike`, fixes who calls. */
type Fixes = (value: string, operator: string) => boolean;
type Keys = Readonly<Record<string, Fixes>>;
const like =
  (shape: RegExp): Fixes =>
  (value) =>
    shape.test(value);

/** Keys of all services that say who calls or from where, in lower case, with the values that fix it. */
export const callerKeys: Keys = {
  'aws:principalorgid': like(organisation),
  'aws:sourceorgid': like(organisation),
  'aws:principalorgpaths': like(organisationPath),
  'aws:sourceorgpaths': like(organisationPath),
  'aws:principalaccount': like(account),
  'aws:sourceaccount': like(account),
  'aws:principalarn': namesAccount,
  'aws:sourcearn': namesAccount,
  'aws:sourcevpc': like(/^vpc-[0-9a-f]+$/),
  'aws:sourcevpce': like(/^vpce-[0-9a-f]+$/),
};

/** Whether a value of a condition stands for several, or for what only the request tells. */
export const isPattern = (value: string): boolean => /[*?]|\$\{/.test(value);

/** The same by the measure of AWS Config, which counts no value with a wildcard or a variable in it, wherever that is. */
export const literal = (keys: Keys): Keys =>
  Object.fromEntries(Object.entries(keys).map(([key, fixes]) => [key, (value, operator) => !isPattern(value) && fixes(value, operator)]));

/**
 * Whether a condition lets nobody through but callers of an organisation, account or network that it names.
 * It must hold for every request: `...IfExists`, `ForAllValues` and the negations are also true where there is no such key.
 */
export function fixesCaller(condition: Json | undefined, keys = callerKeys): boolean {
  const tests = testsIn(condition) ?? [];
  return tests.some(({ operator, key, value }) => {
    const comparison = /^(?:ForAnyValue:)?(String(?:Equals|EqualsIgnoreCase|Like)|Arn(?:Equals|Like))$/.exec(operator)?.[1];
    const isFixed = Object.hasOwn(keys, key.toLowerCase()) ? keys[key.toLowerCase()] : undefined;
    const values = stringsIn(value) ?? [];
    return comparison !== undefined && isFixed !== undefined && values.length > 0 && values.every((one) => isFixed(one, comparison));
  });
}

function namesAccount(value: string, operator: string): boolean {
  const [arn, partition = '', service = '', region = '', id = '', ...resource] = value.split(':');
  if (arn !== 'arn' || resource.length === 0 || !account.test(id)) return false;
  // Here a wildcard can stand for several parts, and move the account out of its place.
  return operator !== 'StringLike' || !/[*?]/.test(`${partition}${service}${region}`);
}
