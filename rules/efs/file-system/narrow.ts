import { callerKeys, fixesCaller, literal } from '../../caller';
import { isOpen, testsIn } from '../../condition';
import { isAboutEverybody, withoutEverybody } from '../../everybody';
import { isObject, type JsonObject } from '../../json';
import { freeSid, stringsIn } from '../../policy';
import type { Unfixable } from '../../rule';

const mountTarget = 'elasticfilesystem:AccessedViaMountTarget';

const keys = literal({
  ...callerKeys,
  // An access point belongs to a single file system, and has its account in its ARN.
  'elasticfilesystem:accesspointarn': (value) => value.startsWith('arn:'),
});

/**
 * Whether a condition admits only clients of the network: EFS then does not take the statement for public.
 * https://docs.aws.amazon.com/efs/latest/ug/access-control-block-public-access.html
 */
const isOfNetwork = ({ Condition }: JsonObject): boolean =>
  (testsIn(Condition) ?? []).some(
    ({ operator, key, value }) =>
      operator === 'Bool' &&
      key.toLowerCase() === mountTarget.toLowerCase() &&
      (value === true || (stringsIn(value)?.join() ?? '').toLowerCase() === 'true'),
  );

const isPublic = (statement: JsonObject): boolean =>
  statement.Effect === 'Allow' && isAboutEverybody(statement) && !isOfNetwork(statement) && !fixesCaller(statement.Condition, keys);

/** Whether a condition does not restrict the caller: there is none, it is about TLS, or any value matches. */
const admitsAll = ({ Condition }: JsonObject): boolean =>
  Condition === undefined ||
  (testsIn(Condition)?.every((test) => isOpen(test) || test.key.toLowerCase() === mountTarget.toLowerCase()) ?? false);

/**
 * The statements, of which the public ones admit only clients that come by a mount target of the file system; undefined if none is public; or why
 * that cannot be determined. A statement is never removed: without a policy, EFS lets all clients of the network read, write and act as root.
 */
export function narrow(statements: readonly JsonObject[]): readonly JsonObject[] | undefined | Unfixable {
  const wide = statements.filter(isPublic);
  if (wide.length === 0) return undefined;
  const unclear = wide.find((statement) => !admitsAll(statement) || statement.Principal === undefined);
  if (unclear)
    return {
      unfixable: `The policy of the file system allows public access with a condition or exceptions (${JSON.stringify(unclear.Sid ?? unclear.Condition ?? unclear.NotPrincipal)?.slice(0, 200)}) that name no account, organization or network, or not in full. Name the allowed principals.`,
      code: 'condition-not-recognized',
    };
  const narrowed: JsonObject[] = [];
  for (const statement of statements) {
    if (!wide.includes(statement)) narrowed.push(statement);
    else narrowed.push(...narrowedOf(statement, [...statements, ...narrowed]));
  }
  return narrowed;
}

/** Principals named beside everyone keep what they have, in a statement of their own. */
function narrowedOf(statement: JsonObject, all: readonly JsonObject[]): readonly JsonObject[] {
  const { Condition, Sid } = statement;
  const { Bool, ...others } = isObject(Condition) ? Condition : {};
  const named = withoutEverybody(statement);
  const tested = Object.entries(isObject(Bool) ? Bool : {}).filter(([key]) => key.toLowerCase() !== mountTarget.toLowerCase());
  const everybody: JsonObject = {
    ...statement,
    ...(named && { Principal: { AWS: '*' } }),
    ...(named && Sid !== undefined && { Sid: freeSid(`${String(Sid)}MountTargets`, all) }),
    Condition: { ...others, Bool: { ...Object.fromEntries(tested), [mountTarget]: 'true' } },
  };
  return named ? [named, everybody] : [everybody];
}
