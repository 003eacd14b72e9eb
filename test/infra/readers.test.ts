import { AwsSolutionsChecks } from 'cdk-nag';
import { loadRules } from '../../functions/catalogue/catalogue';
import { dispatchEnvironment } from '../../functions/dispatch/environment';
import { reconcileEnvironment } from '../../functions/reconcile/environment';
import type { Synthesis } from '../../infra/synth';
import { type PlainResource, plainResources } from './plain';
import { synthesized, temporaryFolder } from './synthesized';

const outdir = temporaryFolder('readers');
let synthesis: Synthesis;
let resources: readonly PlainResource[];
beforeAll(async () => {
  synthesis = await synthesized(outdir, { entries: loadRules().slice(0, 1) });
  resources = plainResources(synthesis);
});

const named = (type: string, name: string, of = resources) => of.find((one) => one.type === type && one.name === name)?.properties;
const allowedTo = (role: string): readonly object[] => {
  const { Policies, ManagedPolicyArns } = named('AWS::IAM::Role', role);
  expect([Policies.length, ManagedPolicyArns]).toEqual([1, undefined]);
  const { Statement } = Policies[0].PolicyDocument as { readonly Statement: readonly { readonly Effect: string }[] };
  return Statement.filter(({ Effect }) => Effect === 'Allow');
};
const allow = (Action: string | readonly string[], Resource: string, Condition?: object) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition && { Condition }),
});

const inPolicy = [
  allow('dynamodb:BatchGetItem', 'posture-orders.Arn', {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['policy', 'policy-check'] },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  }),
  allow(
    ['appconfig:StartConfigurationSession', 'appconfig:GetLatestConfiguration'],
    'arn:{partition}:appconfig:{region}:{account}:application/posture.Ref/environment/posture.Ref/configuration/posture.Ref',
  ),
];
const here = { StringEquals: { 'aws:ResourceAccount': '{account}' } };
const invoking = allow('lambda:InvokeFunction', 'arn:{partition}:lambda:{region}:{account}:function:posture-rule-*');
const running = (name: string) => [
  allow('sqs:SendMessage', 'posture-failed.Arn'),
  allow(['logs:CreateLogStream', 'logs:PutLogEvents'], `/aws/lambda/posture-${name}.Arn`),
  allow(['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], '*'),
];

describe('the dispatcher', () => {
  it('may read the policy, ask what a Config rule is, and invoke the functions of rules: no more', () => {
    expect(allowedTo('posture-function-dispatch')).toEqual([
      ...inPolicy,
      allow('sts:AssumeRole', 'arn:{partition}:iam::*:role/posture-dispatch', here),
      invoking,
      ...running('dispatch'),
    ]);
    expect(allowedTo('posture-dispatch')).toEqual([allow('config:DescribeConfigRules', '*')]);
  });

  it('gets compliance changes of any Config rule, and keeps what it can not deliver', () => {
    expect(named('AWS::Events::Rule', 'posture-dispatch')).toMatchObject({
      EventPattern: {
        source: ['aws.config'],
        'detail-type': ['Config Rules Compliance Change'],
        detail: { newEvaluationResult: { complianceType: ['NON_COMPLIANT'] }, resourceType: expect.any(Array) },
      },
      Targets: [{ Arn: 'posture-dispatch.Arn', DeadLetterConfig: { Arn: 'posture-undelivered.Arn' } }],
    });
    const failures = resources.filter(({ type }) => type === 'AWS::Lambda::EventInvokeConfig').map(({ properties }) => properties);
    for (const name of ['dispatch', 'reconcile'])
      expect(failures).toContainEqual(
        expect.objectContaining({
          FunctionName: `posture-${name}.Ref`,
          DestinationConfig: { OnFailure: { Destination: 'posture-failed.Arn' } },
        }),
      );
  });
});

describe('the reconciliation', () => {
  it('may read the policy, open findings, and the log by finding, and invoke the functions of rules: no more', () => {
    expect(allowedTo('posture-function-reconcile')).toEqual([
      allow('dynamodb:Query', 'posture-log.Arn/index/by-finding'),
      ...inPolicy,
      allow('sts:AssumeRole', 'arn:{partition}:iam::{account}:role/posture-reconcile', here),
      invoking,
      ...running('reconcile'),
    ]);
    expect(allowedTo('posture-reconcile')).toEqual([
      allow('config:DescribeConfigRules', '*'),
      allow('config:GetComplianceDetailsByConfigRule', 'arn:{partition}:config:*:{account}:config-rule/*'),
      allow('securityhub:GetFindings', 'arn:{partition}:securityhub:*:{account}:hub/default'),
    ]);
  });

  it.each([
    [undefined, 'ENABLED'],
    ['7', 'ENABLED'],
    ['0', 'DISABLED'],
  ])('runs once a day, with ReconcileFindings %s: %s', (given, State) => {
    const made = plainResources(synthesis, given === undefined ? {} : { ReconcileFindings: given });
    expect(named('AWS::Events::Rule', 'posture-reconcile', made)).toMatchObject({ ScheduleExpression: 'cron(40 3 * * ? *)', State });
    expect(named('AWS::Lambda::Function', 'posture-reconcile', made).Environment.Variables.MAX_FINDINGS).toBe(given ?? '100');
  });
});

describe('both', () => {
  it.each(['dispatch', 'reconcile'])('have member roles that trust their own function alone: %s', (name) => {
    expect(named('AWS::IAM::Role', `posture-${name}`).AssumeRolePolicyDocument.Statement).toEqual([
      {
        Action: 'sts:AssumeRole',
        Effect: 'Allow',
        Principal: { AWS: 'arn:{partition}:iam::{account}:root' },
        Condition: { ArnEquals: { 'aws:PrincipalArn': `arn:{partition}:iam::{account}:role/posture-function-${name}` } },
      },
    ]);
  });

  it('get the environment that they read', () => {
    const variables = (name: string) => Object.keys(named('AWS::Lambda::Function', name).Environment.Variables).toSorted();
    expect(variables('posture-dispatch')).toEqual(Object.keys(dispatchEnvironment.shape).toSorted());
    const given = Object.keys(reconcileEnvironment.shape).filter((name) => name !== 'AWS_REGION');
    expect(variables('posture-reconcile')).toEqual(given.toSorted());
  });

  it('reach the accounts that the functions of rules do', () => {
    const of = plainResources(synthesis, { Organization: 'o-a1b2c3d4e5' });
    const { Policies } = named('AWS::IAM::Role', 'posture-function-dispatch', of);
    expect(Policies[0].PolicyDocument.Statement).toContainEqual(
      expect.objectContaining({ Action: 'sts:AssumeRole', Condition: { StringEquals: { 'aws:ResourceOrgID': 'o-a1b2c3d4e5' } } }),
    );
  });

  it('give cdk-nag nothing to find', () => {
    const { violations } = new AwsSolutionsChecks().validateScope(synthesis.app);
    const found = violations.flatMap(({ ruleName, violatingResources = [] }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
    );
    expect(found.filter((one) => /dispatch|reconcile/i.test(one))).toEqual([]);
  });
});
