import { callerKeys, fixesCaller, literal } from './caller';
import { isOpen, testsIn } from './condition';
import { isAboutEverybody, withoutEverybody } from './everybody';
import { isObject, type JsonObject } from './json';
import { stringsIn } from './policy';
import type { Json, Unfixable } from './rule';

/** A policy without its public statements; `closed` if it has none; or why that cannot be determined. */
export type Closing = 'closed' | { readonly left: readonly JsonObject[] } | Unfixable;

/**
 * Removes public access from the policy of a topic, a queue or a key, as evaluated by AWS Config (sns-topic-no-public-access and
 * similar rules): a condition must restrict the caller, without wildcards and variables. Principals named beside everyone are kept.
 */
export function close(statements: readonly JsonObject[]): Closing {
  const wide = statements.filter((statement) => statement.Effect === 'Allow' && isAboutEverybody(statement) && !isFixed(statement));
  const misconfigurations = wide.filter(({ Condition }) => admitsAll(Condition));
  const [unclear] = wide.filter((statement) => !misconfigurations.includes(statement));
  const named = unclear && JSON.stringify(unclear.Sid ?? unclear.Condition);
  const narrowed = `The policy allows public access with a condition (${named?.slice(0, 200)}) that AWS ignores, as it names no account, organization or resource, or not in full. Name the allowed principals in it.`;
  if (misconfigurations.length === 0) return unclear ? { unfixable: narrowed, code: 'condition-not-recognized' } : 'closed';

  if (statements.some(excludes))
    return {
      unfixable:
        'The policy allows public access and restricts it with a Deny statement, so the intended principals are unknown. Name them.',
      code: 'deny-with-exceptions',
    };
  const deleted = statements.flatMap(principalsOf).find((principal) => /^A(IDA|ROA)[A-Z0-9]+$/.test(principal));
  if (deleted !== undefined)
    return {
      unfixable: `The policy names ${deleted}, a deleted user or role, and AWS rejects a policy that does. Remove it first.`,
      code: 'deleted-principal-in-policy',
    };
  // The result may still be unclear, but allows less access.
  return {
    left: statements.flatMap((statement) =>
      misconfigurations.includes(statement) ? [withoutEverybody(statement)].filter((one) => one !== undefined) : [statement],
    ),
  };
}

const account = (value: string): boolean => /^\d{12}$/.test(value);

const keys = literal({
  ...callerKeys,
  // The account of the caller, in AWS KMS only.
  'kms:calleraccount': account,
  // The account of the caller in the default policy of an SNS topic.
  'aws:sourceowner': account,
  // The ARN of a bucket has no account, but identifies a single bucket.
  'aws:sourcearn': (value) => value.startsWith('arn:'),
});

const isFixed = ({ Condition }: JsonObject): boolean => fixesCaller(Condition, keys);

/** Whether a condition does not restrict the caller: there is none, it is about TLS, or any value matches. */
function admitsAll(condition: Json | undefined): boolean {
  if (condition === undefined) return true;
  const tests = testsIn(condition);
  return tests?.every(isOpen) ?? false;
}

/** Whether a Deny statement may restrict a public statement to some principals. */
const excludes = (statement: JsonObject): boolean =>
  statement.Effect === 'Deny' &&
  isAboutEverybody(statement) &&
  (statement.Principal === undefined || !(admitsAll(statement.Condition) || isFixed(statement)));

const principalsOf = ({ Principal, NotPrincipal }: JsonObject): readonly string[] =>
  [Principal, NotPrincipal].flatMap((element) => (isObject(element) ? (stringsIn(element.AWS) ?? []) : []));
