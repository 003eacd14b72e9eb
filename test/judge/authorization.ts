import { toArray } from '../../rules/rule';
import type { Placement } from './physical';
import type { DeployedResource } from './resolve';

/** Who calls. */
export type Principal =
  /** A session of a role of the templates. */
  | { readonly role: string; readonly session?: string }
  /** EventBridge Scheduler, in a session of a role of the templates. */
  | { readonly schedulesOf: string }
  /** Somebody else in an account, who may do all this; the account of the stack if it isn't said. */
  | { readonly user: string; readonly userId?: string; readonly account?: string; readonly allowed?: string | readonly string[] }
  /** Somebody else's role. */
  | { readonly otherRole: string; readonly account?: string; readonly allowed?: string | readonly string[] }
  | { readonly service: string };

export interface Call {
  readonly principal: Principal;
  readonly action: string;
  /** An ARN. */
  readonly resource: string;
  /** The condition keys of the request; null says that the request has no such key. */
  readonly context?: Readonly<Record<string, string | readonly string[] | null>>;
}

interface Statement {
  readonly Effect: string;
  readonly Sid?: string;
  readonly Principal?: unknown;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: unknown;
}

export interface PolicyDocument {
  readonly Statement: readonly Statement[];
}

export interface Role {
  readonly name: string;
  readonly arn: string;
  readonly policies: readonly PolicyDocument[];
  readonly trust: PolicyDocument;
  /** The ARN of the function that runs with it, if there is one. */
  readonly function: string | undefined;
}

/** All that decides about calls, of all stacks. */
export interface Authorization {
  readonly roles: ReadonlyMap<string, Role>;
  /** The functions of the stacks, by name. */
  readonly functions: readonly string[];
  /** The policies by the names that requests refer to. */
  readonly policies: {
    readonly identity: Readonly<Record<string, PolicyDocument>>;
    readonly resource: Readonly<Record<string, PolicyDocument>>;
  };
  request(call: Call): object;
}

export function authorizationOf(resources: readonly DeployedResource[], placement: Placement): Authorization {
  const { partition, account: home, region } = placement;
  const ofType = (type: string) => resources.filter((one) => one.type === type);
  const functions = ofType('AWS::Lambda::Function');
  const roles = new Map(
    ofType('AWS::IAM::Role').map(({ name, arn, properties }): [string, Role] => [
      name,
      {
        name,
        arn,
        policies: (properties.Policies ?? []).map(({ PolicyDocument }: { PolicyDocument: PolicyDocument }) => PolicyDocument),
        trust: properties.AssumeRolePolicyDocument,
        function: functions.find((one) => one.properties.Role === arn)?.arn,
      },
    ]),
  );
  if (ofType('AWS::IAM::Policy').length + ofType('AWS::IAM::ManagedPolicy').length > 0)
    throw new Error('A policy stands outside of its role, where it is not read.');
  const resourcePolicies = policiesOf(resources);

  const trust = [...roles.values()].map((role) => [role.arn, role.trust] as const);
  const policies = {
    identity: Object.fromEntries(
      [...roles.values()].flatMap((role) => role.policies.map((policy, index) => [`${role.name} ${index}`, policy])),
    ),
    resource: Object.fromEntries([...trust, ...resourcePolicies]),
  };
  return { roles, functions: functions.map(({ name }) => name), policies, request };

  function request({ principal, action, resource, context = {} }: Call): object {
    const caller = callerOf(principal);
    const isAssumption = action === 'sts:AssumeRole';
    const owner = /^arn:[^:]*:[^:]*:[^:]*:(\d{12})/.exec(resource)?.[1] ?? home;
    return {
      principal: caller,
      action,
      resource,
      region,
      owner,
      // Like a KMS key, a role can only be used by whom it trusts.
      required: isAssumption,
      resourcePolicy: baseOf(resource),
      context: {
        'aws:PrincipalArn': caller.type === 'Service' ? null : caller.arn,
        'aws:PrincipalAccount': caller.account,
        'aws:userid': caller.userId,
        'aws:ResourceAccount': owner,
        'aws:SecureTransport': 'true',
        'lambda:SourceFunctionArn': caller.function,
        ...context,
      },
    };
  }

  function callerOf(principal: Principal) {
    if ('service' in principal) return { arn: principal.service, type: 'Service', account: '', policies: [], userId: null, function: null };
    if ('role' in principal || 'schedulesOf' in principal) {
      const bySchedule = 'schedulesOf' in principal;
      const name = bySchedule ? principal.schedulesOf : principal.role;
      const role = roles.get(name);
      if (!role) throw new Error(`The templates have no role ${name}.`);
      const ofFunction = bySchedule ? undefined : role.function;
      // Lambda names the session after the function.
      const session = (bySchedule ? 'scheduler' : principal.session) ?? ofFunction?.replace(/^.*:/, '') ?? 'session';
      const userId = `AROA${role.name.toUpperCase()}:${session}`;
      return {
        arn: role.arn,
        type: 'AssumedRole',
        account: home,
        policies: role.policies.map((_, index) => `${role.name} ${index}`),
        userId,
        function: ofFunction ?? null,
      };
    }
    const { account = home, allowed = '*' } = principal;
    const policies = [{ Statement: [{ Effect: 'Allow', Action: toArray(allowed), Resource: '*' }] }];
    const isUser = 'user' in principal;
    const arn = `arn:${partition}:iam::${account}:${isUser ? `user/${principal.user}` : `role/${principal.otherRole}`}`;
    const userId = isUser
      ? (principal.userId ?? `AIDA${principal.user.toUpperCase()}`)
      : `AROA${principal.otherRole.toUpperCase()}:session`;
    return { arn, type: isUser ? 'User' : 'AssumedRole', account, policies, userId, function: null };
  }
}

/** The resource whose policy decides: an index has that of its table, an alias of a function has its own. */
const baseOf = (arn: string): string => arn.replace(/\/index\/.*$/, '');

/** The policies of tables, queues, topics and functions, by the ARN of the resource. */
function policiesOf(resources: readonly DeployedResource[]): ReadonlyMap<string, PolicyDocument> {
  const found = new Map<string, Statement[]>();
  const add = (arn: string, statements: readonly Statement[]) => found.set(arn, [...(found.get(arn) ?? []), ...statements]);
  for (const { type, arn, properties } of resources) {
    if (type === 'AWS::DynamoDB::Table') add(arn, properties.ResourcePolicy?.PolicyDocument.Statement ?? []);
    if (type === 'AWS::SNS::TopicPolicy') for (const topic of properties.Topics) add(topic, properties.PolicyDocument.Statement);
    if (type === 'AWS::SQS::QueuePolicy')
      for (const queue of properties.Queues) add(arnOfQueue(queue, resources), properties.PolicyDocument.Statement);
    if (type === 'AWS::Lambda::Permission') {
      const [target, statement] = permissionOf(properties, resources);
      add(target, [statement]);
    }
  }
  return new Map([...found].map(([arn, Statement]) => [arn, { Statement }]));
}

const arnOfQueue = (url: string, resources: readonly DeployedResource[]): string => {
  const queue = resources.find(({ type, name }) => type === 'AWS::SQS::Queue' && name === url);
  if (!queue) throw new Error(`The templates have no queue ${url}.`);
  return queue.arn;
};

interface Permission {
  readonly Action: string;
  readonly Principal: string;
  readonly FunctionName: string;
  readonly SourceArn?: string;
  readonly SourceAccount?: string;
}

/** The statement that AddPermission writes. */
function permissionOf(
  { Action, Principal, FunctionName, SourceArn, SourceAccount, ...others }: Permission,
  resources: readonly DeployedResource[],
): [string, Statement] {
  if (Object.keys(others).length > 0)
    throw new Error(`A permission on a function has ${Object.keys(others).join(', ')}, which is not read here.`);
  const named = resources.find(({ type, name }) => type === 'AWS::Lambda::Function' && name === FunctionName);
  const target = named?.arn ?? FunctionName;
  const Condition = {
    ...(SourceArn && { ArnLike: { 'aws:SourceArn': SourceArn } }),
    ...(SourceAccount && { StringEquals: { 'aws:SourceAccount': SourceAccount } }),
  };
  return [target, { Effect: 'Allow', Principal: { Service: Principal }, Action, Resource: target, Condition }];
}
