import { testsIn } from './condition';
import { stringsIn } from './policy';
import type { Json } from './rule';

const account = /^\d{12}$/;
const organisation = /^o-[a-z0-9]{10,32}$/;
const organisationPath = /^o-[a-z0-9]{10,32}\//;

/** Whether a value of a condition key, compared by an operator such as `ArnLike`, restricts the callers. */
type Fixes = (value: string, operator: string) => boolean;
type Keys = Readonly<Record<string, Fixes>>;
const like =
  (shape: RegExp): Fixes =>
  (value) =>
    shape.test(value);

/** Global condition keys (in lower case) about the caller or its network, and the values that restrict them. */
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

/** Whether a condition value matches several values, or depends on the request. */
export const isPattern = (value: string): boolean => /[*?]|\$\{/.test(value);

/** The same as evaluated by AWS Config, which ignores values with a wildcard or a variable anywhere in them. */
export const literal = (keys: Keys): Keys =>
  Object.fromEntries(Object.entries(keys).map(([key, fixes]) => [key, (value, operator) => !isPattern(value) && fixes(value, operator)]));

/**
 * Whether a condition allows only callers of an organization, account or network that it names.
 * It must be tested for every request: `...IfExists`, `ForAllValues` and negated operators also match if the key is missing.
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
  // With this operator, a wildcard can match several parts of an ARN, so that the account may be elsewhere.
  return operator !== 'StringLike' || !/[*?]/.test(`${partition}${service}${region}`);
}
