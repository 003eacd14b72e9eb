import { AwsSolutionsChecks } from 'cdk-nag';
import { loadRules } from '../../functions/catalogue/catalogue';
import { eventOfDrift } from '../../functions/sources/drift/event';
import { sweepEnvironment } from '../../functions/sweep/environment';
import type { Synthesis } from '../../infra/synth';
import { toArray } from '../../rules/rule';
import { grantsOf } from '../contract/grants';
import { matches } from '../emulator/event-pattern';
import { accessLevelOf } from './iam-action';
import { type PlainResource, plainResources } from './plain';
import { synthesized, temporaryFolder } from './synthesized';

const outdir = temporaryFolder('sweep');
const rules = loadRules().map(({ rule }) => rule);

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: object;
}

let synthesis: Synthesis;
beforeAll(async () => {
  synthesis = await synthesized(outdir);
});

const plain = (parameters: Readonly<Record<string, string>> = {}) => plainResources(synthesis, parameters);
const named = (type: string, name: string, of: readonly PlainResource[] = plain()) =>
  of.find((one) => one.type === type && one.name === name)?.properties;
const allow = (Action: string | readonly string[], Resource: string, Condition?: object) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition && { Condition }),
});
const onKeys = (...keys: readonly string[]) => ({
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys },
  Null: { 'dynamodb:LeadingKeys': 'false' },
});

const managedPolicies = () =>
  Object.entries(synthesis.templates.get('PostureMember')?.Resources ?? {}).filter(([, { Type }]) => Type === 'AWS::IAM::ManagedPolicy');
const reads = (): readonly Statement[] =>
  plain()
    .filter(({ type }) => type === 'AWS::IAM::ManagedPolicy')
    .flatMap(({ properties }) => properties.PolicyDocument.Statement);

describe('the function of the sweep', () => {
  it('may read the policy and the log by finding, keep its own position, list accounts, and invoke the functions of rules: no more', () => {
    const { Policies, ManagedPolicyArns } = named('AWS::IAM::Role', 'posture-function-sweep');
    expect([Policies.length, ManagedPolicyArns]).toEqual([1, undefined]);
    const { Statement } = Policies[0].PolicyDocument as { readonly Statement: readonly Statement[] };
    expect(Statement.filter(({ Effect }) => Effect === 'Allow')).toEqual([
      allow('dynamodb:Query', 'posture-log.Arn/index/by-finding'),
      allow('dynamodb:PutItem', 'posture-coordination.Arn', onKeys('sweep')),
      allow('dynamodb:GetItem', 'posture-coordination.Arn', onKeys('sweep')),
      allow('organizations:ListAccounts', '*'),
      allow('dynamodb:BatchGetItem', 'posture-orders.Arn', onKeys('policy', 'policy-check')),
      allow(
        ['appconfig:StartConfigurationSession', 'appconfig:GetLatestConfiguration'],
        'arn:{partition}:appconfig:{region}:{account}:application/posture.Ref/environment/posture.Ref/configuration/posture.Ref',
      ),
      allow('sts:AssumeRole', 'arn:{partition}:iam::*:role/posture-sweep', { StringEquals: { 'aws:ResourceAccount': '{account}' } }),
      allow('lambda:InvokeFunction', 'arn:{partition}:lambda:{region}:{account}:function:posture-rule-*'),
      allow('sqs:SendMessage', 'posture-failed.Arn'),
      allow(['logs:CreateLogStream', 'logs:PutLogEvents'], '/aws/lambda/posture-sweep.Arn'),
      allow(['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], '*'),
    ]);
  });

  it('reaches the accounts of the organization, if it is given', () => {
    const of = plain({ Organization: 'o-a1b2c3d4e5' });
    expect(named('AWS::IAM::Role', 'posture-function-sweep', of).Policies[0].PolicyDocument.Statement).toContainEqual(
      allow('sts:AssumeRole', 'arn:{partition}:iam::*:role/posture-sweep', { StringEquals: { 'aws:ResourceOrgID': 'o-a1b2c3d4e5' } }),
    );
  });

  it.each([
    [{}, 'DISABLED', { SWEEP: 'off', REGIONS: '{region}', ACCOUNTS: '{account},', MAX_FINDINGS: '100' }],
    [{ Sweep: '24' }, 'ENABLED', { SWEEP: '24' }],
    [
      { Sweep: '24', SweepRegions: 'eu-west-1,us-east-1', SweepFindings: '7' },
      'ENABLED',
      { REGIONS: 'eu-west-1,us-east-1', MAX_FINDINGS: '7' },
    ],
    [{ Sweep: '24', Accounts: '444455556666' }, 'ENABLED', { ACCOUNTS: '{account},444455556666' }],
    [{ Sweep: '24', Organization: 'o-a1b2c3d4e5', Accounts: '444455556666' }, 'ENABLED', { ACCOUNTS: 'organization' }],
  ])('with the parameters %j, the schedule is %s, with %j', (parameters, State, variables) => {
    const made = plain(parameters);
    expect(named('AWS::Events::Rule', 'posture-sweep', made)).toMatchObject({ ScheduleExpression: 'rate(1 hour)', State });
    expect(named('AWS::Lambda::Function', 'posture-sweep', made).Environment.Variables).toMatchObject(variables);
  });

  it('gets the environment that it reads', () => {
    const variables = Object.keys(named('AWS::Lambda::Function', 'posture-sweep').Environment.Variables).toSorted();
    expect(variables).toEqual(
      Object.keys(sweepEnvironment.shape)
        .filter((name) => name !== 'AWS_REGION')
        .toSorted(),
    );
  });

  it.each([
    ['Sweep', ['off', '1', '24', '999'], ['', 'on', '0', '01', '1000', '-1', '24 ', 'off,24']],
    [
      'SweepRegions',
      ['', 'eu-west-1', 'us-gov-west-1,us-gov-east-1', 'ap-southeast-2'],
      ['*', 'eu-west-1,', ',eu-west-1', 'EU-WEST-1', 'eu-west-1 us-east-1'],
    ],
    ['SweepFindings', ['1', '100', '9999'], ['', '0', '10000', 'all']],
  ])('has a parameter %s that takes %j, and not %j', (name, good, bad) => {
    const { AllowedPattern = '' } = (synthesis.templates.get('Posture')?.Parameters?.[name] ?? {}) as { readonly AllowedPattern?: string };
    const isTaken = (value: string) => new RegExp(AllowedPattern).test(value);
    expect([good.filter((one) => !isTaken(one)), bad.filter(isTaken)]).toEqual([[], []]);
  });
});

describe('the member role of the sweep', () => {
  it('exists only where somebody switched it on', () => {
    const { Resources = {}, Conditions = {}, Parameters = {} } = synthesis.templates.get('PostureMember') ?? {};
    const conditional = Object.values(Resources).filter((one) => (one as { readonly Condition?: string }).Condition === 'Sweeps');
    expect(conditional.map(({ Type }) => Type).toSorted()).toEqual([
      ...managedPolicies().map(() => 'AWS::IAM::ManagedPolicy'),
      'AWS::IAM::Role',
    ]);
    expect(conditional.find(({ Type }) => Type === 'AWS::IAM::Role')?.Properties).toMatchObject({ RoleName: 'posture-sweep' });
    expect(Conditions['Sweeps']).toEqual({ 'Fn::Equals': [{ Ref: 'Sweep' }, 'on'] });
    expect(Parameters['Sweep']).toMatchObject({ Default: 'off', AllowedValues: ['off', 'on'] });
  });

  it('trusts the functions of the sweep and the watch alone', () => {
    expect(named('AWS::IAM::Role', 'posture-sweep').AssumeRolePolicyDocument.Statement).toEqual([
      {
        Action: 'sts:AssumeRole',
        Effect: 'Allow',
        Principal: { AWS: 'arn:{partition}:iam::{account}:root' },
        Condition: {
          ArnEquals: {
            'aws:PrincipalArn': ['sweep', 'watch'].map((name) => `arn:{partition}:iam::{account}:role/posture-function-${name}`),
          },
        },
      },
    ]);
  });

  it('only reads: no action of it writes, tags or manages permissions, and none is only in a change', async () => {
    const actions = reads().flatMap(({ Action }) => toArray(Action));
    expect(actions.length).toBeGreaterThan(100);
    for (const action of new Set(actions))
      expect([action, await accessLevelOf(action)]).toEqual([action, expect.stringMatching(/^(Read|List)$/)]);
    expect(reads().filter(({ Effect }) => Effect !== 'Allow')).toEqual([]);
  });

  it('may do all that the rules do to list and to inspect, on the same ARNs, and nothing else', () => {
    const declared = rules.flatMap((rule) => [
      ...grantsOf(rule, 'inspect'),
      ...toArray(rule.resource).flatMap(({ permissions = [] }) => permissions),
    ]);
    const pairs = (grants: readonly { readonly actions: readonly string[]; readonly on: string | readonly string[] }[]) => [
      ...new Set(
        grants.flatMap(({ actions, on }) =>
          actions.flatMap((action) => toArray(on).map((arn) => `${action} ${arn.replace('{region}', '*')}`)),
        ),
      ),
    ];
    const held = pairs(reads().map(({ Action, Resource }) => ({ actions: toArray(Action), on: Resource })));
    expect(held.toSorted()).toEqual(pairs(declared).toSorted());
  });

  it('has policies that fit into the quotas of IAM, in every partition', () => {
    const sizes = plain()
      .filter(({ type }) => type === 'AWS::IAM::ManagedPolicy')
      .map(({ properties }) =>
        JSON.stringify(properties.PolicyDocument).replaceAll('{partition}', 'aws-us-gov').replaceAll('{account}', '111122223333'),
      );
    expect(sizes.length).toBeLessThanOrEqual(10);
    expect(Math.max(...sizes.map((one) => one.length))).toBeLessThanOrEqual(6144);
    expect(named('AWS::IAM::Role', 'posture-sweep').ManagedPolicyArns).toHaveLength(sizes.length);
  });

  it('gives cdk-nag nothing to find', () => {
    const { violations } = new AwsSolutionsChecks().validateScope(synthesis.app);
    const found = violations.flatMap(({ ruleName, violatingResources = [] }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
    );
    expect(found.filter((one) => /sweep/i.test(one))).toEqual([]);
  });
});

describe('what a sweep hands on', () => {
  it('is matched by no route: whoever puts it on a bus reaches no function', () => {
    const detectedAt = '2026-11-24T12:00:00.000Z';
    const central = { account: '111122223333', region: 'eu-west-1' };
    const routes = plain().flatMap(({ type, name, properties }) =>
      type === 'AWS::Events::Rule' && properties.EventPattern ? [[name, properties.EventPattern as object] as const] : [],
    );
    expect(routes.length).toBeGreaterThan(rules.length);
    const reached = rules.flatMap((rule) =>
      [...rule.detectedBy.securityHub, ...rule.detectedBy.config].flatMap((detectedBy) => {
        const [{ type: resourceType = '' } = {}] = toArray(rule.resource);
        const event = eventOfDrift(
          'sweep',
          { detectedBy, partition: 'aws', ...central, resourceType, resource: 'arn:aws:s3:::records', detectedAt },
          central,
        );
        return routes.filter(([, pattern]) => matches(pattern, event)).map(([name]) => name);
      }),
    );
    expect(reached).toEqual([]);
  });
});
