import { like } from './wildcard';

/** The condition block of a statement: operator, context key, values. */
export type Condition = Readonly<
  Record<string, Readonly<Record<string, string | boolean | number | readonly (string | boolean | number)[]>>>
>;

/** In an ARN a wildcard reaches no further than the colon, but for the last part. */
const arnLike = (pattern: string, value: string) => {
  const [patterns, values] = [pattern, value].map((arn) => [...arn.split(':').slice(0, 5), arn.split(':').slice(5).join(':')]);
  return patterns?.every((part, index) => like(part, values?.[index] ?? '')) ?? false;
};

const operators: Readonly<Record<string, (wanted: string, value: string) => boolean>> = {
  StringEquals: (wanted, value) => wanted === value,
  StringEqualsIgnoreCase: (wanted, value) => wanted.toLowerCase() === value.toLowerCase(),
  StringLike: (wanted, value) => like(wanted, value),
  ArnEquals: arnLike,
  ArnLike: arnLike,
  Bool: (wanted, value) => wanted.toLowerCase() === value.toLowerCase(),
};

const negated: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
};

const one = (full: string, wanted: readonly string[], value: string | undefined): boolean => {
  // A call has one value for each key here: only a key that is not there makes a difference between all and any.
  const [, set, operator = full] = /^(ForAllValues|ForAnyValue):(.+)$/.exec(full) ?? [];
  if (set !== undefined && value === undefined) return set === 'ForAllValues';
  const optional = operator.endsWith('IfExists');
  const name = optional ? operator.slice(0, -'IfExists'.length) : operator;
  if (name === 'Null') return wanted.some((text) => (text.toLowerCase() === 'true') === (value === undefined));
  const positive = negated[name];
  const test = operators[positive ?? name];
  if (test === undefined) {
    throw new Error(
      `The gateway can't evaluate the condition operator ${operator}. It knows ${[...Object.keys(operators), ...Object.keys(negated), 'Null'].join(', ')}.`,
    );
  }
  if (value === undefined) return optional || positive !== undefined;
  const met = wanted.some((text) => test(text, value));
  return positive === undefined ? met : !met;
};

/** A value with its policy variables, such as `${aws:userid}`, put in. One that the call has not matches nothing. */
const filled = (wanted: string, context: Readonly<Record<string, string>>) =>
  wanted.replace(/\$\{([^}*?$]+)\}/g, (variable, key: string) => context[key.toLowerCase()] ?? variable);
/** Keys that a call here has not, as it has none in AWS: no service makes it for somebody, no call is of the kind that has them. */
const absent = [
  ...['aws:sourceaccount', 'aws:sourcearn', 'aws:viaawsservice', 'aws:calledvia', 'kms:viaservice', 'kms:encryptioncontext:'],
  // Set wherever the call gives them a value.
  ...['aws:resourcetag/', 'dynamodb:leadingkeys', 'iam:passedtoservice', 'iam:policyarn', 'iam:permissionsboundary', 'sts:externalid'],
  ...['securityhub:asffsyntaxpath/', 'securityhub:ocsfsyntaxpath/'],
  ...['aws:resourceorgid', 'lambda:sourcefunctionarn', ':createaction', 's3:if-none-match'],
];

/** The value of a key. Throws for one that the gateway does not know, as nobody could tell how AWS would decide. */
const contextValue = (key: string, context: Readonly<Record<string, string>>): string | undefined => {
  const name = key.toLowerCase();
  if (context[name] !== undefined || absent.some((known) => name.includes(known))) return context[name];
  throw new Error(`The gateway can't evaluate the condition key ${key}. Set it in test/emulator/gateway/permissions/.`);
};

/** Whether all of a condition block is met; a context key that the call has not is treated as IAM does. */
export const holds = (condition: Condition | undefined, context: Readonly<Record<string, string>>): boolean =>
  Object.entries(condition ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) =>
      one(
        operator,
        (Array.isArray(wanted) ? wanted : [wanted]).map((text) => filled(String(text), context)),
        contextValue(key, context),
      ),
    ),
  );
