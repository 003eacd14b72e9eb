import { randomUUID } from 'node:crypto';
import { errorAnswer, type Fault, jsonAnswer } from './error';
import type { LocalOperations, Place } from './local';
import type { Operation } from './operation';

type Statement = Readonly<Record<string, unknown>>;
interface Policy extends Readonly<Record<string, unknown>> {
  readonly Statement: readonly Statement[];
}

const noSuchPolicy: Fault = { status: 404, code: 'ResourceNotFoundException', message: 'The resource you requested does not exist.' };

/** The ARN that an operation is about; a qualifier may stand in the name or beside it. */
function arnOf({ input }: Operation, { account, region }: Place): string {
  const { FunctionName = '', Qualifier } = input as { FunctionName?: string; Qualifier?: string };
  const name = FunctionName.slice(FunctionName.lastIndexOf(':function:') + 1).replace(/^function:/, '');
  return `arn:aws:lambda:${region}:${account}:function:${name}${Qualifier === undefined ? '' : `:${Qualifier}`}`;
}

function principalOf(principal: string): unknown {
  if (principal === '*') return principal;
  if (/^\d{12}$/.test(principal)) return { AWS: `arn:aws:iam::${principal}:root` };
  return principal.startsWith('arn:') ? { AWS: principal } : { Service: principal };
}

/** The statement that AddPermission makes of its input, as AWS shows it. */
export function statementOf(input: Operation['input'], Resource: string): Statement {
  const picked = (names: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> =>
    Object.fromEntries(Object.entries(names).flatMap(([field, key]) => (input[field] === undefined ? [] : [[key, String(input[field])]])));
  const operators = {
    StringEquals: picked({
      SourceAccount: 'AWS:SourceAccount',
      PrincipalOrgID: 'aws:PrincipalOrgID',
      FunctionUrlAuthType: 'lambda:FunctionUrlAuthType',
      EventSourceToken: 'lambda:EventSourceToken',
    }),
    ArnLike: picked({ SourceArn: 'AWS:SourceArn' }),
    Bool: picked({ InvokedViaFunctionUrl: 'lambda:InvokedViaFunctionUrl' }),
  };
  const Condition = Object.fromEntries(Object.entries(operators).filter(([, tested]) => Object.keys(tested).length > 0));
  return {
    Sid: input.StatementId,
    Effect: 'Allow',
    Principal: principalOf(String(input.Principal)),
    Action: input.Action,
    Resource,
    ...(Object.keys(Condition).length > 0 && { Condition }),
  };
}

/** The policies of Lambda functions, versions and aliases: moto has one for a version and all its aliases, and writes conditions its own way. */
export const emulateFunctionPolicies = (): { readonly operations: LocalOperations } => {
  const policies = new Map<string, Policy>();

  const operations: LocalOperations = {
    'lambda:AddPermission'(operation, place) {
      const arn = arnOf(operation, place);
      const policy = policies.get(arn) ?? { Version: '2012-10-17', Id: 'default', Statement: [] };
      const { StatementId, RevisionId: _, ...input } = operation.input;
      if (policy.Statement.some(({ Sid }) => Sid === StatementId)) {
        const message = `The statement id (${StatementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`;
        return errorAnswer(operation, { status: 409, code: 'ResourceConflictException', message });
      }
      const statement = statementOf({ ...input, StatementId }, arn);
      policies.set(arn, { ...policy, Statement: [...policy.Statement, statement] });
      return jsonAnswer({ Statement: JSON.stringify(statement) });
    },

    'lambda:RemovePermission'(operation, place) {
      const arn = arnOf(operation, place);
      const policy = policies.get(arn);
      const { StatementId } = operation.input;
      const rest = policy?.Statement.filter(({ Sid }) => Sid !== StatementId);
      if (!policy || !rest || rest.length === policy.Statement.length) {
        const message = `Statement ${StatementId} is not found in resource policy.`;
        return errorAnswer(operation, { ...noSuchPolicy, message });
      }
      if (rest.length === 0) policies.delete(arn);
      else policies.set(arn, { ...policy, Statement: rest });
      return jsonAnswer({});
    },

    'lambda:GetPolicy'(operation, place) {
      const policy = policies.get(arnOf(operation, place));
      return policy ? jsonAnswer({ Policy: JSON.stringify(policy), RevisionId: randomUUID() }) : errorAnswer(operation, noSuchPolicy);
    },

    'lambda:PutResourcePolicy'(operation) {
      const { ResourceArn, Policy } = operation.input as { ResourceArn: string; Policy: string };
      policies.set(ResourceArn, JSON.parse(Policy) as Policy);
      return jsonAnswer({ Policy, RevisionId: randomUUID() });
    },
  };

  return { operations };
};
