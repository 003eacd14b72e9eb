import { isObject, type JsonObject } from '../../json';
import { stringsIn } from '../../policy';
import { fits } from '../../wildcard';

/** The statement that refuses requests without TLS for a bucket and its objects; `Bucket` is an ARN. */
export const denial = (Sid: string, bucket: string): JsonObject => ({
  Sid,
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: [bucket, `${bucket}/*`],
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
});

/** Whether some of the statements, or several together, refuse every request without TLS for a bucket (an ARN) and all its objects. */
export function requiresTls(statements: readonly JsonObject[], bucket: string): boolean {
  const resources = statements.filter(refusesWithoutTls).flatMap(({ Resource }) => stringsIn(Resource) ?? []);
  return (
    resources.some((pattern) => fits(bucket, pattern)) && resources.some((pattern) => pattern.endsWith('*') && fits(`${bucket}/`, pattern))
  );
}

/** Whether a statement refuses everybody every action without TLS, on whatever resources. */
const refusesWithoutTls = ({ Effect, Principal, Action, Condition }: JsonObject): boolean =>
  Effect === 'Deny' &&
  (stringsIn(isObject(Principal) ? Principal.AWS : Principal)?.includes('*') ?? false) &&
  (stringsIn(Action)?.some((action) => /^(s3:)?\*+$/i.test(action)) ?? false) &&
  isWithoutTls(Condition);

/** More conditions would let some requests through, and so would another operator. */
function isWithoutTls(condition: JsonObject[string]): boolean {
  const operators = isObject(condition) ? Object.entries(condition) : [];
  const [operator, tested] = operators[0] ?? [];
  const keys = isObject(tested) ? Object.entries(tested) : [];
  const [key = '', value] = keys[0] ?? [];
  const values = Array.isArray(value) ? value : [value];
  return (
    operators.length === 1 &&
    operator === 'Bool' &&
    keys.length === 1 &&
    key.toLowerCase() === 'aws:securetransport' &&
    values.length === 1 &&
    (values[0] === 'false' || values[0] === false)
  );
}
