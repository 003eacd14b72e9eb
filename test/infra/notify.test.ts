import { AwsSolutionsChecks } from 'cdk-nag';
import { loadRules } from '../../functions/catalogue/catalogue';
import { notifyEnvironment } from '../../functions/notify/environment';
import type { Synthesis } from '../../infra/synth';
import { type PlainResource, plainResources } from './plain';
import { synthesized, temporaryFolder } from './synthesized';

const outdir = temporaryFolder('notify');
let synthesis: Synthesis;
let resources: readonly PlainResource[];
beforeAll(async () => {
  synthesis = await synthesized(outdir, { entries: loadRules().slice(0, 1) });
  resources = plainResources(synthesis);
});

const named = (type: string, name: string) => resources.find((one) => one.type === type && one.name === name)?.properties;

describe('the function that tells people', () => {
  it('gets every outcome from the bus that was not published before', () => {
    expect(named('AWS::Events::EventBus', 'posture')).toBeDefined();
    expect(named('AWS::Events::Rule', 'posture-notify')).toMatchObject({
      EventPattern: {
        source: ['posture'],
        'detail-type': ['Posture Remediation'],
        detail: { notify: [{ exists: false }], repeated: [{ exists: false }] },
      },
      Targets: [{ Arn: 'posture-notify.Arn', DeadLetterConfig: { Arn: 'posture-undelivered.Arn' } }],
    });
  });

  it('gets the environment that it reads', () => {
    const { Variables } = named('AWS::Lambda::Function', 'posture-notify').Environment;
    expect(Object.keys(Variables).toSorted()).toEqual(Object.keys(notifyEnvironment.shape).toSorted());
    expect(Variables).toMatchObject({
      TOPIC: 'posture-notifications.Ref',
      SCHEDULE_ROLE: 'posture-function-notify.Arn',
      UNDELIVERED: 'posture-undelivered.Arn',
    });
  });

  it('may publish to topics of the hub, put down what it told, and come again: no more', () => {
    const { Policies, ManagedPolicyArns } = named('AWS::IAM::Role', 'posture-function-notify');
    expect(ManagedPolicyArns).toBeUndefined();
    const topics = 'arn:{partition}:sns:{region}:{account}:posture-*';
    const { Statement } = Policies[0].PolicyDocument as { readonly Statement: readonly { readonly Effect: string }[] };
    expect(Statement.filter(({ Effect }) => Effect === 'Allow')).toEqual([
      { Effect: 'Allow', Action: 'sns:Publish', Resource: topics },
      {
        Effect: 'Allow',
        Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
        Resource: 'arn:{partition}:kms:{region}:{account}:key/*',
        Condition: {
          StringEquals: { 'kms:ViaService': 'sns.{region}.amazonaws.com' },
          StringLike: { 'kms:EncryptionContext:aws:sns:topicArn': topics },
        },
      },
      {
        Effect: 'Allow',
        Action: 'dynamodb:BatchGetItem',
        Resource: 'posture-orders.Arn',
        Condition: {
          'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['policy', 'policy-check'] },
          Null: { 'dynamodb:LeadingKeys': 'false' },
        },
      },
      {
        Effect: 'Allow',
        Action: 'dynamodb:UpdateItem',
        Resource: 'posture-coordination.Arn',
        Condition: {
          'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['notified once *', 'notified arn:*'] },
          Null: { 'dynamodb:LeadingKeys': 'false' },
        },
      },
      {
        Effect: 'Allow',
        Action: ['appconfig:StartConfigurationSession', 'appconfig:GetLatestConfiguration'],
        Resource: expect.stringMatching(/^arn:\{partition\}:appconfig:.+\/configuration\/.+/),
      },
      {
        Effect: 'Allow',
        Action: 'scheduler:CreateSchedule',
        Resource: 'arn:{partition}:scheduler:{region}:{account}:schedule/posture/notify-????????????????',
      },
      {
        Effect: 'Allow',
        Action: 'iam:PassRole',
        Resource: 'arn:{partition}:iam::{account}:role/posture-function-notify',
        Condition: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
      },
      { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: 'arn:{partition}:lambda:{region}:{account}:function:posture-notify' },
      { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: 'posture-undelivered.Arn' },
      { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: 'posture-failed.Arn' },
      { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: '/aws/lambda/posture-notify.Arn' },
      { Effect: 'Allow', Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], Resource: '*' },
    ]);
  });

  it('is done before an event that it began counts as given up', () => {
    expect(named('AWS::Lambda::Function', 'posture-notify').Timeout).toBeLessThan(90);
  });

  it('has a topic that takes nothing in the clear', () => {
    const policies = resources.filter(({ type }) => type === 'AWS::SNS::TopicPolicy').map(({ properties }) => properties);
    const own = policies.find(({ Topics }) => Topics.includes('posture-notifications.Ref'));
    expect(own?.PolicyDocument.Statement).toContainEqual(
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    );
  });

  it('gives cdk-nag nothing to find', () => {
    const { violations } = new AwsSolutionsChecks().validateScope(synthesis.app);
    const found = violations.flatMap(({ ruleName, violatingResources = [] }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
    );
    expect(found.filter((one) => one.includes('Notify') || one.includes('/Bus'))).toEqual([]);
  });
});
