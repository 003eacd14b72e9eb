import { callerKeys, fixesCaller, isPattern, literal } from '../../caller';
import { isOpen, type Test, testsIn } from '../../condition';
import { isAboutEverybody, withoutEverybody } from '../../everybody';
import { isObject, type JsonObject } from '../../json';
import { stringsIn } from '../../policy';

const literalKeys = literal(callerKeys);

/** How somebody calls, and not who. */
const unnarrowing = ['lambda:functionurlauthtype', 'lambda:invokedviafunctionurl'];

const s3 = /^s3(\.[a-z0-9-]+)?\.amazonaws\.com(\.cn)?$/;

/** Whether a statement is about everybody, or about S3, which calls for the buckets of anybody, as long as no condition says for whose. */
export const isAboutAnybody = (statement: JsonObject): boolean => isAboutEverybody(statement) || isAboutS3(statement);

/** Whether a statement lets anybody in, by the measure of AWS Config's lambda-function-public-access-prohibited. */
export const isPublic = (statement: JsonObject): boolean =>
  statement.Effect === 'Allow' && isAboutAnybody(statement) && !fixesCaller(statement.Condition, literalKeys);

/** Whether a public statement may be meant for some all the same, by a condition that AWS Config does not count. */
export function mayBeNarrow(statement: JsonObject): boolean {
  const { Condition } = statement;
  if (Condition === undefined) return false;
  const isAny = (test: Test): boolean =>
    isOpen(test) ||
    unnarrowing.includes(test.key.toLowerCase()) ||
    (stringsIn(test.value)?.some(isPattern) ?? false) ||
    // The name of a bucket says nothing of its owner, who may be another one tomorrow.
    (isAboutS3(statement) && test.key.toLowerCase() === 'aws:sourcearn');
  return fixesCaller(Condition) || !(testsIn(Condition)?.every(isAny) ?? false);
}

/** Who is named in a public statement beside everybody, or beside S3, and would go with it. */
export function namedBeside(statement: JsonObject): readonly string[] {
  const isWide = isAboutEverybody(statement);
  const { Principal } = (isWide ? withoutEverybody(statement) : statement) ?? {};
  const names = isObject(Principal) ? Object.values(Principal).flatMap((listed) => stringsIn(listed) ?? []) : [];
  return isWide ? names : names.filter((name) => !s3.test(name));
}

export const isAboutS3 = ({ Principal }: JsonObject): boolean =>
  isObject(Principal) && (stringsIn(Principal.Service)?.some((service) => s3.test(service)) ?? false);
