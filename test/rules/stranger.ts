import { isObject, type JsonObject } from '../../rules/json';
import { stringsIn } from '../../rules/policy';
import { arnFits, matchesWildcard } from '../../rules/wildcard';

/** What a request of somebody else's says of itself: keys in lower case, those left out are absent from it. */
export type Request = Readonly<Record<string, readonly string[]>>;

/** All that a request can say; one of another account, organization and network. */
export const stranger: Request = {
  'aws:principalorgid': ['o-z9z9z9z9z9'],
  'aws:principalorgpaths': ['o-z9z9z9z9z9/r-zz99/'],
  'aws:principalaccount': ['999988887777'],
  'aws:principalarn': ['arn:aws:iam::999988887777:role/theirs'],
  'aws:sourceaccount': ['999988887777'],
  'aws:sourceowner': ['999988887777'],
  'aws:sourcearn': ['arn:aws:s3:::theirs:111122223333:a'],
  'aws:sourcevpce': ['vpce-0f0f0f0f'],
  'aws:sourceip': ['203.0.113.9'],
  'kms:calleraccount': ['999988887777'],
  'aws:userid': ['AROAZ9Z9Z9Z9:theirs'],
  'aws:securetransport': ['true'],
};

/** Whether a condition holds for a request, as the documentation of IAM has it; addresses count by their first two numbers. */
export const holds = (condition: JsonObject, request: Request): boolean =>
  Object.entries(condition).every(
    ([operator, tested]) =>
      isObject(tested) &&
      Object.entries(tested).every(([key, value]) => passes(operator, request[key.toLowerCase()], stringsIn(value) ?? [])),
  );

function passes(operator: string, said: readonly string[] | undefined, wanted: readonly string[]): boolean {
  if (operator === 'Null') return wanted.includes(String(said === undefined));
  const [, set, name = '', ifExists] = /^(?:(ForAnyValue|ForAllValues):)?(\w+?)(IfExists)?$/.exec(operator) ?? [];
  const isNegated = name.includes('Not');
  if (said === undefined) return set === 'ForAllValues' || ifExists !== undefined || (isNegated && set !== 'ForAnyValue');
  const passesOne = (one: string): boolean => wanted.some((pattern) => matches(name.replace('Not', ''), one, pattern)) !== isNegated;
  return set === 'ForAllValues' ? said.every(passesOne) : said.some(passesOne);
}

function matches(name: string, value: string, pattern: string): boolean {
  if (name === 'StringLike') return matchesWildcard(value, pattern);
  if (name === 'StringEqualsIgnoreCase') return value.toLowerCase() === pattern.toLowerCase();
  if (name === 'ArnLike' || name === 'ArnEquals') return pattern === '*' || arnFits(value, pattern);
  if (name === 'IpAddress') return pattern.endsWith('/0') || value.startsWith(pattern.split('.').slice(0, 2).join('.'));
  return value === pattern;
}
