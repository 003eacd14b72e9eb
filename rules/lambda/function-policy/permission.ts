import type { AddPermissionCommandInput } from '@aws-sdk/client-lambda';
import { isObject, type JsonObject, sameJson } from '../../json';
import type { Json } from '../../rule';

/** The condition operator and key that AddPermission writes for each field. */
const conditions = {
  SourceAccount: ['StringEquals', 'AWS:SourceAccount'],
  PrincipalOrgID: ['StringEquals', 'aws:PrincipalOrgID'],
  FunctionUrlAuthType: ['StringEquals', 'lambda:FunctionUrlAuthType'],
  EventSourceToken: ['StringEquals', 'lambda:EventSourceToken'],
  SourceArn: ['ArnLike', 'AWS:SourceArn'],
  InvokedViaFunctionUrl: ['Bool', 'lambda:InvokedViaFunctionUrl'],
} as const;

/**
 * The input with which AddPermission recreates exactly this statement, if there is one: it accepts everyone or one service as principal,
 * and few conditions. `FunctionName` may end in a qualifier; `resource` is the ARN of what it names.
 */
export function permissionFor(FunctionName: string, resource: string, statement: JsonObject): AddPermissionCommandInput | undefined {
  const { Sid, Principal, Action, Condition } = statement;
  const input: AddPermissionCommandInput = {
    FunctionName,
    StatementId: String(Sid),
    Action: String(Action),
    Principal: String(isObject(Principal) ? Principal.Service : Principal),
    ...Object.fromEntries(
      Object.entries(conditions).flatMap(([field, [operator, key]]) => {
        const tested = isObject(Condition) ? Condition[operator] : undefined;
        const value = isObject(tested) ? tested[key] : undefined;
        return value === undefined ? [] : [[field, operator === 'Bool' ? value === 'true' : value]];
      }),
    ),
  };
  const isStatementId = /^[\w-]{1,100}$/.test(input.StatementId ?? '');
  return isStatementId && sameJson(statementOf(input, resource), statement) ? input : undefined;
}

/** The statement that AddPermission writes. */
function statementOf(input: AddPermissionCommandInput, Resource: string): Json {
  const Condition: Record<string, Record<string, string>> = {};
  for (const [field, [operator, key]] of Object.entries(conditions)) {
    const value = input[field as keyof typeof conditions];
    if (value !== undefined) Condition[operator] = { ...Condition[operator], [key]: String(value) };
  }
  return {
    Sid: input.StatementId,
    Effect: 'Allow',
    Principal: input.Principal === '*' ? '*' : { Service: input.Principal },
    Action: input.Action,
    Resource,
    ...(Object.keys(Condition).length > 0 && { Condition }),
  };
}
