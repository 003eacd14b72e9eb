import { Aws } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { statusIds } from '../../functions/sources/security-hub/v2/ocsf';
import { type Grant, type Rule, toArray } from '../../rules/rule';
import { names, namesOf, ownNames } from '../names';
import { escalations } from './escalation';
import { notifySource, readSource } from './source-grants';

/** The permissions of a rule's member role. */
export interface MemberStatements {
  /** What it reads, and what is denied to it. */
  readonly always: readonly PolicyStatement[];
  /** What it changes: the resources of the rule, and the findings about them. */
  readonly writes: readonly PolicyStatement[];
}

/** The permissions of a rule's member role: the rule's own grants, and the notification of the finding's source. */
export function statementsOf(rule: Rule): MemberStatements {
  const inspect = [...toArray(rule.permissions.inspect), ...toArray(rule.resource).flatMap(({ permissions = [] }) => permissions)];
  const change = toArray(rule.permissions.change);
  const declared = new Set([...inspect, ...change].flatMap(({ actions }) => actions));
  const reads = distinct([...inspect, ...readSource(rule), ...simulating(rule)]);
  const writes = distinct([...change, ...notifySource]).filter((grant) => !reads.some((read) => isSame(read, grant)));
  const denials = [
    new PolicyStatement({
      sid: 'NotifyAndResolveOnly',
      effect: Effect.DENY,
      actions: ['securityhub:BatchUpdateFindings'],
      resources: ['*'],
      // A call has one of the keys, and meets the other one by its absence.
      conditions: {
        StringNotEquals: {
          'securityhub:ASFFSyntaxPath/Workflow.Status': ['NOTIFIED', 'RESOLVED'],
          'securityhub:OCSFSyntaxPath/StatusId': [statusIds.inProgress, statusIds.resolved].map(String),
        },
      },
    }),
    new PolicyStatement({
      sid: 'ChangeNothingElsewhere',
      effect: Effect.DENY,
      actions: [...new Set(change.flatMap(({ actions }) => actions))],
      resources: ['*'],
      // Not every service supports this condition key.
      conditions: { StringNotEquals: { 'aws:ResourceAccount': Aws.ACCOUNT_ID }, Null: { 'aws:ResourceAccount': 'false' } },
    }),
    new PolicyStatement({
      sid: 'NeverEscalate',
      effect: Effect.DENY,
      actions: escalations.filter((action) => !declared.has(action)),
      resources: ['*'],
    }),
    ...keepOutOfOurs(change.flatMap(({ actions }) => actions)),
    ...keepOurRoles(change),
  ];
  return { always: [...reads.map(allowed), ...denials], writes: writes.map(allowed) };
}

/** For a drill, a role of a response asks IAM about itself. */
const simulating = ({ id, drill }: Rule): readonly Grant[] =>
  drill ? [{ actions: ['iam:SimulatePrincipalPolicy'], on: `arn:{partition}:iam::{account}:role/${namesOf(id).memberRole}` }] : [];

const isSame = (one: Grant, other: Grant): boolean => JSON.stringify(one) === JSON.stringify(other);

const distinct = (grants: readonly Grant[]): readonly Grant[] =>
  grants.filter((grant, index) => grants.findIndex((other) => isSame(other, grant)) === index);

/** In the central account, a role that may invoke any function, or permit it, could speak for any operator, report any finding, and let any policy pass. */
function keepOutOfOurs(actions: readonly string[]): readonly PolicyStatement[] {
  const own = [...new Set(actions.filter((action) => action.startsWith('lambda:')))];
  if (own.length === 0) return [];
  const ofNoRule = [
    'control',
    'notify',
    'tickets',
    'answers',
    'dispatch',
    'reconcile',
    'requests',
    'sweep',
    'watch',
    'archive',
    'seal',
    'report',
  ];
  const functions = [...ofNoRule.map((name) => ownNames(name).function), namesOf('').function, names.policyValidator];
  return [
    new PolicyStatement({
      sid: 'KeepOutOfOurs',
      effect: Effect.DENY,
      actions: own,
      resources: functions.map((name) => `arn:${Aws.PARTITION}:lambda:*:${Aws.ACCOUNT_ID}:function:${name}*`),
    }),
  ];
}

/** A rule that may write the policies of any role could make ours do anything. */
function keepOurRoles(change: readonly Grant[]): readonly PolicyStatement[] {
  const ofAny = change.filter(({ on }) => toArray(on).some((arn) => arn.endsWith(':role/*')));
  const actions = ofAny.flatMap((grant) => grant.actions).filter((action) => /^iam:\w+RolePolicy$/.test(action));
  if (actions.length === 0) return [];
  const resources = [`arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/${namesOf('').memberRole}*`];
  return [new PolicyStatement({ sid: 'KeepOurRoles', effect: Effect.DENY, actions, resources })];
}

/** The statement of a grant, for a role of the account that it is in. */
export function allowed({ actions, on, condition = {} }: Grant): PolicyStatement {
  const conditions = Object.fromEntries(
    Object.entries(condition).map(([operator, keys]) => [
      operator,
      Object.fromEntries(Object.entries(keys).map(([key, values]) => [key, toArray(values).map(expandArn)])),
    ]),
  );
  return new PolicyStatement({ actions: [...actions], resources: toArray(on).map(expandArn), conditions });
}

/** A role exists in all Regions, and the central account may receive findings of several. */
const expandArn = (text: string): string =>
  text.replaceAll('{partition}', Aws.PARTITION).replaceAll('{region}', '*').replaceAll('{account}', Aws.ACCOUNT_ID);
