import { AwsSolutionsChecks } from 'cdk-nag';
import { loadRules } from '../../functions/catalogue/catalogue';
import { requestsEnvironment } from '../../functions/requests/environment';
import type { Synthesis } from '../../infra/synth';
import { matches } from '../emulator/event-pattern';
import { remediationRequested } from '../events/request';
import { type PlainResource, plainResources } from './plain';
import { synthesized, temporaryFolder } from './synthesized';

const outdir = temporaryFolder('requests');
const entries = loadRules().slice(0, 1);
const policy = 'requesters: { siem: { principals: ["arn:aws:iam::444455556666:role/Siem"], rules: ["*"] } }';
let synthesis: Synthesis;
let resources: readonly PlainResource[];
let without: readonly PlainResource[];
beforeAll(async () => {
  synthesis = await synthesized(outdir, { entries, policy });
  resources = plainResources(synthesis);
  without = plainResources(await synthesized(outdir, { entries }));
});

const named = (type: string, name: string) => resources.find((one) => one.type === type && one.name === name)?.properties;
const idsOf = (of: readonly PlainResource[]) => of.map(({ stack, logicalId }) => `${stack}/${logicalId}`);

describe('where the policy names no requester', () => {
  it('nothing for requests is deployed', () => {
    expect(JSON.stringify(without.filter(({ stack }) => stack === 'Posture'))).not.toContain('posture-requests');
    const added = idsOf(resources).filter((id) => !idsOf(without).includes(id));
    // Bus, route and its permission; function, its failures, role and logs.
    expect(added.every((id) => id.startsWith('Posture/Requests'))).toBe(true);
    expect(added).toHaveLength(7);
    expect(idsOf(without).filter((id) => !idsOf(resources).includes(id))).toEqual([]);
  });
});

describe('where the policy names a requester', () => {
  it('its requests have a bus of their own, whose only route leads to the function for them', () => {
    const routes = resources.filter(({ type }) => type === 'AWS::Events::Rule');
    const onBus = routes.filter(({ properties }) => String(properties.EventBusName).startsWith('posture-requests'));
    expect(onBus.map(({ name }) => name)).toEqual(['posture-requests']);
    const [route] = onBus;
    expect(route?.properties).toMatchObject({
      EventBusName: 'posture-requests.Name',
      Targets: [
        {
          Arn: 'posture-requests.Arn',
          DeadLetterConfig: { Arn: 'posture-undelivered.Arn' },
          RetryPolicy: { MaximumEventAgeInSeconds: 21_600 },
        },
      ],
    });
    const { EventPattern } = named('AWS::Events::Rule', 'posture-requests');
    expect(matches(EventPattern, remediationRequested())).toBe(true);
    expect(matches(EventPattern, remediationRequested({ requester: 'other' }))).toBe(true);
    expect(matches(EventPattern, { ...remediationRequested(), source: 'aws.securityhub' })).toBe(false);
  });

  it('no other route matches them, and no route of the default bus leads to the function', () => {
    const others = resources.filter(({ type, name }) => type === 'AWS::Events::Rule' && name !== 'posture-requests');
    expect(others.length).toBeGreaterThan(4);
    for (const { name, properties } of others) {
      const pattern = properties.EventPattern;
      expect([name, pattern !== undefined && matches(pattern, remediationRequested())]).toEqual([name, false]);
      expect(JSON.stringify(properties.Targets)).not.toContain('posture-requests');
    }
  });

  it('EventBridge may invoke the function by that route alone', () => {
    const permissions = resources.filter(
      ({ type, properties }) => type === 'AWS::Lambda::Permission' && properties.FunctionName === 'posture-requests.Ref',
    );
    expect(permissions.map(({ properties }) => properties)).toEqual([
      {
        Action: 'lambda:InvokeFunction',
        FunctionName: 'posture-requests.Ref',
        Principal: 'events.amazonaws.com',
        SourceArn: 'posture-requests.Arn',
      },
    ]);
  });

  it('the queue takes what EventBridge could not deliver from that bus', () => {
    const text = JSON.stringify(resources.filter(({ type }) => type === 'AWS::SQS::QueuePolicy'));
    expect(text).toContain(':rule/posture-requests/posture-requests"');
  });

  it('the function may read the policy, log refusals in its own trails, invoke the functions of rules and publish: no more', () => {
    const { Policies, ManagedPolicyArns } = named('AWS::IAM::Role', 'posture-function-requests');
    expect([Policies.length, ManagedPolicyArns]).toEqual([1, undefined]);
    const { Statement } = Policies[0].PolicyDocument as {
      readonly Statement: readonly { readonly Effect: string; readonly Action: string | readonly string[]; readonly Resource: string }[];
    };
    const allowed = Statement.filter(({ Effect }) => Effect === 'Allow');
    expect(allowed.map(({ Action, Resource }) => [Action, Resource])).toEqual([
      ['dynamodb:BatchGetItem', 'posture-orders.Arn'],
      [['appconfig:StartConfigurationSession', 'appconfig:GetLatestConfiguration'], expect.stringContaining(':appconfig:')],
      ['dynamodb:PartiQLInsert', 'posture-log.Arn'],
      ['lambda:InvokeFunction', 'arn:{partition}:lambda:{region}:{account}:function:posture-rule-*'],
      ['events:PutEvents', 'arn:{partition}:events:{region}:{account}:event-bus/posture'],
      ['sqs:SendMessage', 'posture-failed.Arn'],
      [['logs:CreateLogStream', 'logs:PutLogEvents'], '/aws/lambda/posture-requests.Arn'],
      [['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], '*'],
    ]);
    expect(allowed[2]).toMatchObject({
      Condition: {
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['requests/*'] },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      },
    });
    expect(Statement).toContainEqual(expect.objectContaining({ Sid: 'OnlyFromTheFunction', Effect: 'Deny' }));
  });

  it('the function gets the environment that it reads', () => {
    const given = Object.keys(named('AWS::Lambda::Function', 'posture-requests').Environment.Variables).toSorted();
    expect([...given, 'AWS_REGION'].toSorted()).toEqual(Object.keys(requestsEnvironment.shape).toSorted());
  });

  it('cdk-nag finds nothing', () => {
    const { violations } = new AwsSolutionsChecks().validateScope(synthesis.app);
    const found = violations.flatMap(({ ruleName, violatingResources = [] }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
    );
    expect(found.filter((one) => /requests/i.test(one))).toEqual([]);
  });
});
