import { Aws } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type Grant, type Rule, toArray } from '../../rules/rule';
import { escalations } from './escalation';

/** The permissions of a rule's member role: the rule's own grants, and the notification of the finding's source. */
export function statementsOf(rule: Rule): PolicyStatement[] {
  const inspect = [...toArray(rule.permissions.inspect), ...toArray(rule.resource).flatMap(({ permissions = [] }) => permissions)];
  const change = toArray(rule.permissions.change);
  const grants = new Map([...inspect, ...change].map((grant) => [JSON.stringify(grant), grant]));
  const declared = new Set([...grants.values()].flatMap(({ actions }) => actions));
  return [
    ...[...grants.values()].map(allowed),
    ...sourceGrants(rule).map(allowed),
    new PolicyStatement({
      sid: 'ResolveOnly',
      effect: Effect.DENY,
      actions: ['securityhub:BatchUpdateFindings'],
      resources: ['*'],
      conditions: { StringNotEquals: { 'securityhub:ASFFSyntaxPath/Workflow.Status': 'RESOLVED' } },
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
  ];
}

/** What people said about the finding, the last change of the resource, and the notification of the source. */
const sourceGrants = ({ resource }: Pick<Rule, 'resource'>): readonly Grant[] => [
  // CloudTrail events, remediation exceptions and the list of Regions can't be restricted to a resource.
  {
    actions: [
      'cloudtrail:LookupEvents',
      'config:DescribeRemediationExceptions',
      ...(toArray(resource).some(({ scope }) => scope === 'global') ? ['ec2:DescribeRegions'] : []),
    ],
    on: '*',
  },
  { actions: ['securityhub:GetFindings'], on: 'arn:{partition}:securityhub:{region}:{account}:hub/default' },
  { actions: ['securityhub:BatchUpdateFindings'], on: 'arn:{partition}:securityhub:{region}:{account}:hub/default' },
  { actions: ['config:StartConfigRulesEvaluation'], on: 'arn:{partition}:config:{region}:{account}:config-rule/*' },
];

function allowed({ actions, on, condition = {} }: Grant): PolicyStatement {
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
