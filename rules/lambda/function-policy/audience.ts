import { fixesCaller } from '../../caller';
import { isAboutEverybody } from '../../everybody';
import { isObject, type JsonObject } from '../../json';
import { stringsIn } from '../../policy';

const s3 = /^s3(\.[a-z0-9-]+)?\.amazonaws\.com(\.cn)?$/;

/** Whether a statement is about everybody, or about S3, which calls for the buckets of anybody, as long as no condition says for whose. */
export const isAboutAnybody = (statement: JsonObject): boolean => isAboutEverybody(statement) || isAboutS3(statement);

/** Whether a statement lets anybody in, by the measure of AWS Config's lambda-function-public-access-prohibited. */
export const isPublic = (statement: JsonObject): boolean =>
  statement.Effect === 'Allow' && isAboutAnybody(statement) && !fixesCaller(statement.Condition);

export const isAboutS3 = ({ Principal }: JsonObject): boolean =>
  isObject(Principal) && (stringsIn(Principal.Service)?.some((service) => s3.test(service)) ?? false);
