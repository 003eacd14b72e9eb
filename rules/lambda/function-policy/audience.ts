import { callerKeys, fixesCaller, isPattern, literal } from '../../caller';
import { isOpen, type Test, testsIn } from '../../condition';
import { isAboutEverybody, withoutEverybody } from '../../everybody';
import { isObject, type JsonObject } from '../../json';
import { stringsIn } from '../../policy';

const literalKeys = literal(callerKeys);

/** Condition keys about how a principal calls, not about who it is. */
const unnarrowing = ['lambda:functionurlauthtype', 'lambda:invokedviafunctionurl'];

const s3 = /^s3(\.[a-z0-9-]+)?\.amazonaws\.com(\.cn)?$/;

/** Whether a statement is for everyone, or for S3, which calls on behalf of any account's buckets unless a condition names the account. */
export const isAboutAnybody = (statement: JsonObject): boolean => isAboutEverybody(statement) || isAboutS3(statement);

/** Whether a statement is public, as AWS Config's lambda-function-public-access-prohibited judges it. */
export const isPublic = (statement: JsonObject): boolean =>
  statement.Effect === 'Allow' && isAboutAnybody(statement) && !fixesCaller(statement.Condition, literalKeys);

/** Whether a public statement may be meant for some principals only, by a condition that AWS Config ignores. */
export function mayBeNarrow(statement: JsonObject): boolean {
  const { Condition } = statement;
  if (Condition === undefined) return false;
  const isAny = (test: Test): boolean =>
    isOpen(test) ||
    unnarrowing.includes(test.key.toLowerCase()) ||
    (stringsIn(test.value)?.some(isPattern) ?? false) ||
    // The name of a bucket does not identify its owner, who can change.
    (isAboutS3(statement) && test.key.toLowerCase() === 'aws:sourcearn');
  return fixesCaller(Condition) || !(testsIn(Condition)?.every(isAny) ?? false);
}

/** The principals in a public statement besides everyone or S3, which would lose access with it. */
export function namedBeside(statement: JsonObject): readonly string[] {
  const isWide = isAboutEverybody(statement);
  const { Principal } = (isWide ? withoutEverybody(statement) : statement) ?? {};
  const names = isObject(Principal) ? Object.values(Principal).flatMap((listed) => stringsIn(listed) ?? []) : [];
  return isWide ? names : names.filter((name) => !s3.test(name));
}

export const isAboutS3 = ({ Principal }: JsonObject): boolean =>
  isObject(Principal) && (stringsIn(Principal.Service)?.some((service) => s3.test(service)) ?? false);
