import { AwsSolutionsChecks } from 'cdk-nag';
import { loadRules } from '../../functions/catalogue/catalogue';
import { eventOfDrift } from '../../functions/sources/drift/event';
import { watchEnvironment } from '../../functions/watch/environment';
import { maxLength } from '../../infra/route/event-pattern';
import { watchPatterns } from '../../infra/route/watch-pattern';
import type { Synthesis } from '../../infra/synth';
import { callNames } from '../../rules/recorded-calls';
import { toArray } from '../../rules/rule';
import { matches } from '../emulator/event-pattern';
import { recordedCallEvent } from '../events/cloudtrail';
import { type PlainResource, plainResources } from './plain';
import { synthesized, temporaryFolder } from './synthesized';

const outdir = temporaryFolder('watch');
const rules = loadRules().map(({ rule }) => rule);
const calls = rules.flatMap(({ resource, changedBy }) => [
  ...toArray(resource).flatMap((kind) => kind.changedBy ?? []),
  ...(changedBy ? [changedBy] : []),
]);

let synthesis: Synthesis;
beforeAll(async () => {
  synthesis = await synthesized(outdir);
});

const plain = (parameters: Readonly<Record<string, string>> = {}) => plainResources(synthesis, parameters);
const named = (type: string, name: string, of: readonly PlainResource[] = plain()) =>
  of.find((one) => one.type === type && one.name === name)?.properties;
const forwards = (parameters: Readonly<Record<string, string>> = {}) =>
  plain(parameters).filter(({ stack, type }) => stack === 'PostureWatch' && type === 'AWS::Events::Rule');

describe('what is forwarded', () => {
  it('is every call after which a rule looks, unless it failed, and no other', () => {
    const patterns = watchPatterns(rules);
    expect(Math.max(...patterns.map((one) => JSON.stringify(one).length))).toBeLessThanOrEqual(maxLength);
    const isForwarded = (event: object) => patterns.some((pattern) => matches(pattern, event));
    for (const one of calls)
      for (const name of callNames(one)) {
        expect([name, isForwarded(recordedCallEvent(one.service, name, {}))]).toEqual([name, true]);
        expect([name, isForwarded(recordedCallEvent(one.service, name, {}, { detail: { errorCode: 'AccessDenied' } }))]).toEqual([
          name,
          false,
        ]);
      }
    expect(isForwarded(recordedCallEvent('s3', 'PutBucketTagging', {}))).toBe(false);
    expect(isForwarded({ ...recordedCallEvent('s3', 'PutBucketAcl', {}), 'detail-type': 'AWS Console Sign In via CloudTrail' })).toBe(
      false,
    );
  });

  it.each([
    [{}, 'DISABLED', 'arn:{partition}:events:{region}:{account}:event-bus/posture-changes'],
    [
      { Watch: 'on', CentralAccount: '999988887777', CentralRegion: 'eu-central-1' },
      'ENABLED',
      'arn:{partition}:events:eu-central-1:999988887777:event-bus/posture-changes',
    ],
  ])('with the parameters %j is %s and goes to %s', (parameters, state, bus) => {
    const made = forwards(parameters);
    expect(made.length).toBeGreaterThan(0);
    for (const { properties } of made) {
      expect(properties.State).toBe(state);
      expect(properties.Targets).toMatchObject([{ Arn: bus }]);
    }
    const role = plain(parameters).find(({ stack, type }) => stack === 'PostureWatch' && type === 'AWS::IAM::Role')?.properties;
    expect(role.Policies[0].PolicyDocument.Statement).toEqual([{ Action: 'events:PutEvents', Effect: 'Allow', Resource: bus }]);
    expect(role.AssumeRolePolicyDocument.Statement).toMatchObject([
      { Principal: { Service: 'events.amazonaws.com' }, Condition: { StringEquals: { 'aws:SourceAccount': '{account}' } } },
    ]);
  });
});

describe('the bus for changes', () => {
  const condition = (accounts: object) => ({
    StringEquals: accounts,
    Bool: { 'events:eventBusInvocation': 'true' },
    'ForAllValues:StringEquals': { 'events:detail-type': 'AWS API Call via CloudTrail' },
    'ForAllValues:StringLike': { 'events:source': 'aws.*' },
    Null: { 'events:source': 'false', 'events:detail-type': 'false' },
  });

  it.each([
    [{}, { 'aws:PrincipalAccount': '{account}' }],
    [{ Accounts: '444455556666' }, { 'aws:PrincipalAccount': ['{account}', '444455556666'] }],
    [{ Organization: 'o-a1b2c3d4e5' }, { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' }],
  ])(
    'takes, with the parameters %j, what rules of EventBridge in these accounts forward of CloudTrail, and nothing else',
    (parameters, accounts) => {
      const policies = plain(parameters).filter(({ type }) => type === 'AWS::Events::EventBusPolicy');
      expect(policies.map(({ properties }) => properties.EventBusName)).toEqual([expect.stringContaining('posture-changes')]);
      expect(policies.map(({ properties }) => properties.Statement)).toEqual([
        {
          Effect: 'Allow',
          Principal: '*',
          Action: 'events:PutEvents',
          Resource: 'arn:{partition}:events:{region}:{account}:event-bus/posture-changes',
          Condition: condition(accounts),
        },
      ]);
    },
  );

  it('takes nothing where the watch is off', () => {
    const { Resources = {} } = synthesis.templates.get('Posture') ?? {};
    const policies = Object.values(Resources).filter(({ Type }) => Type === 'AWS::Events::EventBusPolicy');
    expect(policies.map(({ Condition }) => Condition)).toEqual(['Watches']);
  });
});

describe('the function of the watch', () => {
  it.each([
    [{}, false, 'DISABLED', 120],
    [{ Watch: 'on', WatchPause: '30' }, true, 'ENABLED', 30],
  ])('with the parameters %j reads its queue: %s', (parameters, isRead, state, pause) => {
    const made = plain(parameters);
    const sources = made.filter(({ type }) => type === 'AWS::Lambda::EventSourceMapping').map(({ properties }) => properties);
    expect(sources.find(({ EventSourceArn }) => EventSourceArn === 'posture-changes.Arn')).toMatchObject({
      Enabled: isRead,
      BatchSize: 50,
      MaximumBatchingWindowInSeconds: 30,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    expect(named('AWS::Events::Rule', 'posture-watch', made)).toMatchObject({
      State: state,
      EventBusName: expect.stringContaining('posture-changes'),
    });
    expect(String(named('AWS::SQS::Queue', 'posture-changes', made).DelaySeconds)).toBe(String(pause));
  });

  it('may read the policy, assume the role of the sweep, invoke the functions of rules and read its queue: no more', () => {
    const { Policies } = named('AWS::IAM::Role', 'posture-function-watch');
    const { Statement } = Policies[0].PolicyDocument as {
      readonly Statement: readonly { readonly Effect: string; readonly Action: unknown }[];
    };
    expect(Statement.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action)).toEqual([
      'dynamodb:BatchGetItem',
      'appconfig:StartConfigurationSession',
      'appconfig:GetLatestConfiguration',
      'sts:AssumeRole',
      'lambda:InvokeFunction',
      'sqs:ReceiveMessage',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:ChangeMessageVisibility',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'xray:PutTraceSegments',
      'xray:PutTelemetryRecords',
    ]);
  });

  it('gets the environment that it reads', () => {
    const variables = Object.keys(named('AWS::Lambda::Function', 'posture-watch').Environment.Variables).toSorted();
    expect(variables).toEqual(
      Object.keys(watchEnvironment.shape)
        .filter((name) => name !== 'AWS_REGION')
        .toSorted(),
    );
  });

  it('hands on what no route matches', () => {
    const central = { account: '111122223333', region: 'eu-west-1' };
    const drift = { detectedBy: 'S3.14', partition: 'aws', ...central, resourceType: 'AWS::S3::Bucket', resource: 'arn:aws:s3:::records' };
    const event = eventOfDrift('cloudtrail', { ...drift, detectedAt: '2026-11-24T12:00:00.000Z' }, central);
    const routes = plain().flatMap(({ type, name, properties }) =>
      type === 'AWS::Events::Rule' && properties.EventPattern ? [[name, properties.EventPattern as object] as const] : [],
    );
    expect(routes.filter(([, pattern]) => matches(pattern, event)).map(([name]) => name)).toEqual([]);
  });

  it('gives cdk-nag nothing to find', () => {
    const { violations } = new AwsSolutionsChecks().validateScope(synthesis.app);
    const found = violations.flatMap(({ ruleName, violatingResources = [] }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
    );
    expect(found.filter((one) => /watch/i.test(one))).toEqual([]);
  });
});
