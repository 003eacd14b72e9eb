import { isObject, type JsonObject, sameJson } from '../../json';
import { stringsIn } from '../../policy';

/**
 * The statement that denies everybody a bucket and its objects, but these roles and the services of AWS. `Bucket` is an ARN. An anonymous request
 * has neither of the condition keys: it is denied, too.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export const lock = (Sid: string, bucket: string, roles: readonly string[]): JsonObject => ({
  Sid,
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: [bucket, `${bucket}/*`],
  Condition: {
    ArnNotLike: { 'aws:PrincipalArn': [...new Set(roles)].sort() },
    BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
  },
});

/** The roles that a statement spares, if it is such a lock of the bucket; undefined for any other statement. */
export function sparedBy(statement: JsonObject, bucket: string): readonly string[] | undefined {
  const { Sid = '', Condition } = statement;
  const { ArnNotLike } = isObject(Condition) ? Condition : {};
  const roles = isObject(ArnNotLike) ? stringsIn(ArnNotLike['aws:PrincipalArn']) : undefined;
  if (typeof Sid !== 'string' || roles === undefined) return undefined;
  return sameJson(plain(statement), plain(lock(Sid, bucket, roles))) ? roles.toSorted() : undefined;
}

/** S3 may give a list of one as a string. */
const plain = ({ Condition, ...rest }: JsonObject) => {
  const { ArnNotLike, ...others } = isObject(Condition) ? Condition : {};
  const roles = isObject(ArnNotLike) ? (stringsIn(ArnNotLike['aws:PrincipalArn']) ?? []).toSorted() : null;
  return { ...rest, others, roles };
};
