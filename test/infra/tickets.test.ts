import { AwsSolutionsChecks } from 'cdk-nag';
import { loadRules } from '../../functions/catalogue/catalogue';
import { ticketsEnvironment } from '../../functions/tickets/environment';
import type { Synthesis } from '../../infra/synth';
import { type PlainResource, plainResources } from './plain';
import { synthesized, temporaryFolder } from './synthesized';

const outdir = temporaryFolder('tickets');
const tracker = 'vendor: github, url: https://api.github.com, project: acme/security, secret: posture/github';
const synth = (policy: string) => synthesized(outdir, { entries: loadRules().slice(0, 1), policy });
let synthesis: Synthesis;
let resources: readonly PlainResource[];
beforeAll(async () => {
  synthesis = await synth(`tickets: { tracker: { ${tracker} } }`);
  resources = plainResources(synthesis);
});

const named = (type: string, name: string, of = resources) => of.find((one) => one.type === type && one.name === name)?.properties;
const allowed = (of = resources) => {
  const { Policies } = named('AWS::IAM::Role', 'posture-function-tickets', of);
  const { Statement } = Policies[0].PolicyDocument as {
    readonly Statement: readonly { readonly Effect: string; readonly Action: unknown }[];
  };
  return Statement.filter(({ Effect }) => Effect === 'Allow');
};

describe('the function of tickets', () => {
  it('is not deployed unless the policy names a tracker', async () => {
    const without = plainResources(await synth('modes: { default: observe }'));
    expect(without.filter(({ name = '' }) => name.includes('tickets') || name.includes('tracker'))).toEqual([]);
    expect(named('AWS::Lambda::Function', 'posture-tickets')).toBeDefined();
  });

  it('gets every outcome by a queue, and what it never handles is kept in another', () => {
    expect(named('AWS::Events::Rule', 'posture-tickets')).toMatchObject({
      EventBusName: 'posture.Ref',
      EventPattern: { source: ['posture'], 'detail-type': ['Posture Remediation'], detail: { repeated: [{ exists: false }] } },
      Targets: [{ Arn: 'posture-tickets.Arn', DeadLetterConfig: { Arn: 'posture-tickets-failed.Arn' } }],
    });
    expect(named('AWS::SQS::Queue', 'posture-tickets')).toMatchObject({
      RedrivePolicy: { deadLetterTargetArn: 'posture-tickets-failed.Arn', maxReceiveCount: 200 },
      MessageRetentionPeriod: 1_209_600,
    });
    const { VisibilityTimeout } = named('AWS::SQS::Queue', 'posture-tickets');
    expect(VisibilityTimeout).toBeGreaterThanOrEqual(6 * named('AWS::Lambda::Function', 'posture-tickets').Timeout);
    const [mapping] = resources.filter(({ type }) => type === 'AWS::Lambda::EventSourceMapping');
    expect(mapping?.properties).toMatchObject({
      BatchSize: 1,
      EventSourceArn: 'posture-tickets.Arn',
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    });
  });

  it('gets the environment that it reads, and no secret in it', () => {
    const { Variables } = named('AWS::Lambda::Function', 'posture-tickets').Environment;
    expect([...Object.keys(Variables), 'AWS_REGION'].toSorted()).toEqual(Object.keys(ticketsEnvironment.shape).toSorted());
    expect(JSON.stringify(Variables)).not.toContain('posture/github');
  });

  it('may read its one secret and the policy, write its own records and trails, and read its queue: no more', () => {
    const items = (...keys: readonly string[]) => ({
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys },
      Null: { 'dynamodb:LeadingKeys': 'false' },
    });
    const secret = 'arn:{partition}:secretsmanager:{region}:{account}:secret:posture/github-??????';
    expect(allowed()).toEqual([
      { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: secret },
      {
        Effect: 'Allow',
        Action: 'kms:Decrypt',
        Resource: 'arn:{partition}:kms:{region}:*:key/*',
        Condition: {
          StringEquals: { 'kms:ViaService': 'secretsmanager.{region}.amazonaws.com' },
          StringLike: { 'kms:EncryptionContext:SecretARN': secret },
        },
      },
      {
        Effect: 'Allow',
        Action: 'dynamodb:UpdateItem',
        Resource: 'posture-tickets.Arn',
        Condition: items('ticket posture-*', 'opened *', 'first-day'),
      },
      { Effect: 'Allow', Action: 'dynamodb:BatchGetItem', Resource: 'posture-orders.Arn', Condition: items('policy', 'policy-check') },
      {
        Effect: 'Allow',
        Action: ['appconfig:StartConfigurationSession', 'appconfig:GetLatestConfiguration'],
        Resource: expect.stringMatching(/^arn:\{partition\}:appconfig:.+\/configuration\/.+/),
      },
      { Effect: 'Allow', Action: 'dynamodb:PartiQLInsert', Resource: 'posture-log.Arn', Condition: items('tickets/*') },
      {
        Effect: 'Allow',
        Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ChangeMessageVisibility'],
        Resource: 'posture-tickets.Arn',
      },
      { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: '/aws/lambda/posture-tickets.Arn' },
      { Effect: 'Allow', Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], Resource: '*' },
    ]);
  });

  it('may read the log only if the policy shows the parameters of changes', async () => {
    const shows = plainResources(await synth(`tickets: { changes: parameters, tracker: { ${tracker} } }`));
    expect(allowed(shows).filter(({ Action }) => Action === 'dynamodb:Query')).toHaveLength(1);
    expect(allowed().filter(({ Action }) => Action === 'dynamodb:Query')).toEqual([]);
  });

  it('alone writes the table, which is kept when the stack is deleted', () => {
    const { ResourcePolicy, DeletionProtectionEnabled, PointInTimeRecoverySpecification } = named(
      'AWS::DynamoDB::Table',
      'posture-tickets',
    );
    expect([DeletionProtectionEnabled, PointInTimeRecoverySpecification]).toEqual([true, { PointInTimeRecoveryEnabled: true }]);
    const [first] = ResourcePolicy.PolicyDocument.Statement;
    expect(first).toMatchObject({
      Effect: 'Deny',
      Action: expect.arrayContaining(['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:PartiQLInsert']),
      Condition: {
        ArnNotLike: {
          'aws:PrincipalArn': [
            'arn:{partition}:iam::{account}:role/posture-function-tickets',
            expect.stringContaining('posture-break-glass'),
          ],
        },
      },
    });
  });

  it('has alarms that name their headings in the runbook', () => {
    const alarms = resources.filter(({ type, name = '' }) => type === 'AWS::CloudWatch::Alarm' && /tracker|tickets/.test(name));
    expect(alarms.map(({ name, properties }) => [name, properties.AlarmDescription])).toEqual([
      ['posture-tracker-unauthorized', 'Runbook: docs/operate.md#the-tracker-rejected-the-credentials'],
      ['posture-tickets-failed', 'Runbook: docs/operate.md#tickets-were-not-written'],
      ['posture-tickets-unhandled', 'Runbook: docs/operate.md#outcomes-got-no-ticket'],
    ]);
  });

  it('gives cdk-nag nothing to find', () => {
    const { violations } = new AwsSolutionsChecks().validateScope(synthesis.app);
    const found = violations.flatMap(({ ruleName, violatingResources = [] }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
    );
    expect(found.filter((one) => one.includes('Tickets'))).toEqual([]);
  });
});

describe('the functions of rules', () => {
  const [{ rule }] = loadRules() as unknown as readonly [{ readonly rule: { readonly id: string } }];
  /** The statements about records of tickets. */
  const granted = (of: Synthesis) =>
    plainResources(of)
      .filter(({ type, name }) => type === 'AWS::IAM::Role' && `${name}` === `posture-function-${rule.id}`)
      .flatMap(({ properties }) => properties.Policies[0].PolicyDocument.Statement as readonly object[])
      .filter((statement) => JSON.stringify(statement).includes('ticket posture-*'));
  const environments = (of: Synthesis) =>
    plainResources(of).filter(({ type, name }) => type === 'AWS::Lambda::Function' && `${name}`.startsWith('posture-rule-'));

  it('may read the records of tickets, and write none', () => {
    const made = environments(synthesis);
    expect(made.length).toBeGreaterThan(0);
    for (const { properties } of made) expect(properties.Environment.Variables).toHaveProperty('TICKETS_TABLE');
    expect(granted(synthesis)).toEqual([
      expect.objectContaining({
        Effect: 'Allow',
        Action: 'dynamodb:GetItem',
        Condition: expect.objectContaining({ 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['ticket posture-*'] } }),
      }),
    ]);
  });

  it('know nothing of tickets where the policy names no tracker', async () => {
    const none = await synth('{}');
    for (const { properties } of environments(none)) expect(properties.Environment.Variables).not.toHaveProperty('TICKETS_TABLE');
    expect(granted(none)).toEqual([]);
  });
});
