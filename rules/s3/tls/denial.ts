import { isObject, type JsonObject } from '../../json';
import { stringsIn } from '../../policy';
import { matchesWildcard } from '../../wildcard';

/** The statement that denies requests without TLS to a bucket and its objects; `Bucket` is an ARN. */
export const denial = (Sid: string, bucket: string): JsonObject => ({
  Sid,
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: [bucket, `${bucket}/*`],
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
});

/** Whether the statements, one or several together, deny every request without TLS to a bucket (an ARN) and all its objects. */
export function requiresTls(statements: readonly JsonObject[], bucket: string): boolean {
  const resources = statements.filter(refusesWithoutTls).flatMap(({ Resource }) => stringsIn(Resource) ?? []);
  return (
    resources.some((pattern) => matchesWildcard(bucket, pattern)) && resources.some((pattern) => pattern.endsWith('*') && matchesWildcard(`${bucket}/`, pattern))
  );
}

/** Whether a statement denies everyone every action without TLS, on any resources. */
const refusesWithoutTls = ({ Effect, Principal, Action, Condition }: JsonObject): boolean =>
  Effect === 'Deny' &&
  (stringsIn(isObject(Principal) ? Principal.AWS : Principal)?.includes('*') ?? false) &&
  (stringsIn(Action)?.some((action) => /^(s3:)?\*+$/i.test(action)) ?? false) &&
  isWithoutTls(Condition);

/** Whether this is the only condition: further conditions, or another operator, would let some requests through. */
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
