import { callerKeys, fixesCaller, literal } from './caller';
import { isOpen, testsIn } from './condition';
import { isAboutEverybody, withoutEverybody } from './everybody';
import { isObject, type JsonObject } from './json';
import { stringsIn } from './policy';
import type { Json } from './rule';

/** What is left of a policy without its public statements; `closed` where it has none; or why that can't be told. */
export type Closing = 'closed' | { readonly left: readonly JsonObject[] } | { readonly unfixable: string };

/**
 * Closes the policy of a topic, a queue or a key, by the measure of AWS Config's sns-topic-no-public-access and its like:
 * a condition has to fix the caller, without wildcards and variables. Who is named beside everybody stays.
 */
export function close(statements: readonly JsonObject[]): Closing {
  const wide = statements.filter((statement) => statement.Effect === 'Allow' && isAboutEverybody(statement) && !isFixed(statement));
  const faults = wide.filter(({ Condition }) => admitsAll(Condition));
  const [unclear] = wide.filter((statement) => !faults.includes(statement));
  const named = unclear && JSON.stringify(unclear.Sid ?? unclear.Condition);
  const narrowed = `The policy lets everybody in, narrowed by a condition (${named?.slice(0, 200)}) that AWS does not count: it names no account, organization or resource, or not in full. Write into it who is meant.`;
  if (faults.length === 0) return unclear ? { unfixable: narrowed } : 'closed';

  if (statements.some(excludes))
    return { unfixable: 'The policy lets everybody in, and keeps all out but some by a denial: who is meant can not be told. Name them.' };
  const deleted = statements.flatMap(principalsOf).find((principal) => /^A(IDA|ROA)[A-Z0-9]+$/.test(principal));
  if (deleted !== undefined)
    return {
      unfixable: `The policy names ${deleted}, the remains of a user or role that was deleted, and AWS takes no policy that does: it could not be put back. Take it out first.`,
    };
  // What is left would still be in doubt, but with fewer let in.
  return {
    left: statements.flatMap((statement) =>
      faults.includes(statement) ? [withoutEverybody(statement)].filter((one) => one !== undefined) : [statement],
    ),
  };
}

const account = (value: string): boolean => /^\d{12}$/.test(value);

const keys = literal({
  ...callerKeys,
  // How AWS KMS names the account of a caller; no other service does.
  'kms:calleraccount': account,
  // How SNS names the account of a caller in the policy that it gives each new topic.
  'aws:sourceowner': account,
  // A bucket's ARN holds no account, and yet there is one such bucket.
  'aws:sourcearn': (value) => value.startsWith('arn:'),
});

const isFixed = ({ Condition }: JsonObject): boolean => fixesCaller(Condition, keys);

/** Whether a condition says nothing of who calls: there is none, it is about TLS alone, or any value will do. */
function admitsAll(condition: Json | undefined): boolean {
  if (condition === undefined) return true;
  const tests = testsIn(condition);
  return tests?.every(isOpen) ?? false;
}

/** Whether a denial could be what makes a statement for everybody one for some. */
const excludes = (statement: JsonObject): boolean =>
  statement.Effect === 'Deny' &&
  isAboutEverybody(statement) &&
  (statement.Principal === undefined || !(admitsAll(statement.Condition) || isFixed(statement)));

const principalsOf = ({ Principal, NotPrincipal }: JsonObject): readonly string[] =>
  [Principal, NotPrincipal].flatMap((element) => (isObject(element) ? (stringsIn(element.AWS) ?? []) : []));
