import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { canonicalJson } from '../../functions/canonical-json';
import { loadRules } from '../../functions/catalogue/catalogue';
import { systemClock } from '../../functions/clock';
import { allIndexes } from '../../functions/log/indexes';
import { metric } from '../../functions/metric';
import { freshPolicy } from '../../functions/policy/policy';
import { environment } from '../../functions/rule-function/environment';
import { eventPatterns } from '../../infra/route/event-pattern';
import type { Synthesis } from '../../infra/synth';
import { refusalOf } from '../emulator/event-pattern';
import { alarmCount } from '../price/bill';
import { type PlainResource, plainResources } from './plain';
import { synthesized, temporaryFolder } from './synthesized';

const outdir = temporaryFolder('stacks');
const catalogue = loadRules();

const policyIds = 'posture.Ref/posture.Ref/posture.Ref';

let synthesis: Synthesis;
let resources: readonly PlainResource[];
beforeAll(async () => {
  synthesis = await synthesized(outdir, { policy: 'exemptionTag: keep' });
  resources = plainResources(synthesis);
});

const all = (type: string) => resources.filter((resource) => resource.type === type);
const one = (type: string, name: string) => {
  const found = all(type).filter((resource) => resource.name === name);
  expect(found.map((resource) => resource.name)).toEqual([name]);
  return found[0] as PlainResource;
};
const resourceOf = ({ stack, logicalId }: PlainResource) => synthesis.templates.get(stack)?.Resources[logicalId];

describe('the log table', () => {
  const table = () => one('AWS::DynamoDB::Table', 'posture-log');

  it('is kept, restorable, encrypted, and costs nothing while nothing happens', () => {
    expect(table().properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      KeySchema: [
        { AttributeName: 'trail', KeyType: 'HASH' },
        { AttributeName: 'sequence', KeyType: 'RANGE' },
      ],
    });
    expect(resourceOf(table())?.DeletionPolicy).toBe('Retain');
  });

  it('has an index for each question, with the fields that the queries read', () => {
    const indexes = table().properties.GlobalSecondaryIndexes;
    expect(
      Object.fromEntries(indexes.map((index: { IndexName: string; KeySchema: object }) => [index.IndexName, index.KeySchema])),
    ).toEqual(
      Object.fromEntries(
        allIndexes.map(({ attribute, name }) => [
          name,
          [
            { AttributeName: attribute, KeyType: 'HASH' },
            { AttributeName: 'time', KeyType: 'RANGE' },
          ],
        ]),
      ),
    );
    const held = indexes.map(
      ({ Projection }: { Projection: { NonKeyAttributes?: readonly string[] } }) => Projection.NonKeyAttributes ?? [],
    );
    expect(held).toEqual(allIndexes.map(({ holds }) => holds));
    // DynamoDB refuses more: 20 in one index, 100 in all of a table.
    for (const attributes of held) expect(attributes.length).toBeLessThanOrEqual(20);
    expect(held.flat().length).toBeLessThanOrEqual(100);
    expect(indexes.length).toBeLessThanOrEqual(20);
  });

  it('refuses everyone every way to alter an item, to write for others, and to change the table', () => {
    const Resource = 'arn:{partition}:dynamodb:{region}:{account}:table/posture-log';
    const denied = (Sid: string, Action: string | readonly string[], Condition?: object) => ({
      Sid,
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Resource,
      Action,
      ...(Condition && { Condition }),
    });
    const role = (name: string) => `arn:{partition}:iam::{account}:role/${name}`;
    expect(table().properties.ResourcePolicy.PolicyDocument.Statement).toEqual([
      denied(
        'AppendOnly',
        ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'PartiQLUpdate', 'PartiQLDelete'].map((one) => `dynamodb:${one}`),
      ),
      denied('OwnTrailsOnly', 'dynamodb:PartiQLInsert', {
        ArnNotLike: { 'aws:PrincipalArn': role('posture-function-*') },
        'ForAnyValue:StringNotLike': { 'dynamodb:LeadingKeys': `local/$${'{aws:userid}'}/*` },
      }),
      denied('KnownTrailsOnly', 'dynamodb:PartiQLInsert', { Null: { 'dynamodb:LeadingKeys': 'true' } }),
      denied(
        'OnlyAdministrators',
        ['UpdateTable', 'DeleteTable', 'UpdateContinuousBackups', 'UpdateTimeToLive', 'PutResourcePolicy', 'DeleteResourcePolicy'].map(
          (one) => `dynamodb:${one}`,
        ),
        { ArnNotLike: { 'aws:PrincipalArn': [role('posture-break-glass'), role('cdk-*-cfn-exec-role-*')] } },
      ),
    ]);
  });
});

describe('the table of orders', () => {
  const denied = (actions: readonly string[], arns: readonly string[]) => ({
    Effect: 'Deny',
    Principal: { AWS: '*' },
    Action: actions,
    Condition: { ArnNotLike: { 'aws:PrincipalArn': arns } },
  });
  const role = (name: string) => `arn:{partition}:iam::{account}:role/${name}`;

  it('outlives the stack, can be restored, and forgets what has expired', () => {
    const orders = one('AWS::DynamoDB::Table', 'posture-orders');
    expect(resourceOf(orders)?.DeletionPolicy).toBe('Retain');
    expect(orders.properties).toMatchObject({
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      KeySchema: [{ AttributeName: 'key', KeyType: 'HASH' }],
      TimeToLiveSpecification: { AttributeName: 'forget', Enabled: true },
    });
  });

  it('is written by the control function and the break-glass role alone, and changed by the administrators alone', () => {
    const { Statement } = one('AWS::DynamoDB::Table', 'posture-orders').properties.ResourcePolicy.PolicyDocument;
    expect(Statement).toMatchObject([
      denied(['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'PartiQLUpdate', 'PartiQLDelete', 'PartiQLInsert'].map(dynamodb), [
        role('posture-function-control'),
        role('posture-break-glass'),
      ]),
      denied(
        ['UpdateTable', 'DeleteTable', 'UpdateContinuousBackups', 'UpdateTimeToLive', 'PutResourcePolicy', 'DeleteResourcePolicy'].map(
          dynamodb,
        ),
        [role('posture-break-glass'), role('cdk-*-cfn-exec-role-*')],
      ),
    ]);
  });

  const dynamodb = (action: string) => `dynamodb:${action}`;
});

describe('the bucket for documents', () => {
  it('is private, encrypted, reached by TLS alone, and holds a document for a day', () => {
    const [bucket, ...others] = ofDocuments('AWS::S3::Bucket');
    expect(others).toEqual([]);
    const closed = { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true };
    expect(bucket?.properties).toMatchObject({
      BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
      PublicAccessBlockConfiguration: closed,
      LifecycleConfiguration: { Rules: [{ ExpirationInDays: 1, Status: 'Enabled' }] },
    });
    expect(ofDocuments('AWS::S3::BucketPolicy').map(({ properties }) => properties.PolicyDocument.Statement)).toEqual([
      [expect.objectContaining({ Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })],
    ]);
  });

  it('is there only for a rule with documents', async () => {
    const without = await synthesized(outdir, { entries: catalogue.filter(({ rule }) => !rule.documents && rule.id.startsWith('ssm-')) });
    expect(plainResources(without).filter(({ type, logicalId }) => type.startsWith('AWS::S3::') && isOfDocuments(logicalId))).toEqual([]);
  });

  const isOfDocuments = (logicalId: string) => logicalId.startsWith('Documents');
  const ofDocuments = (type: string) => all(type).filter(({ logicalId }) => isOfDocuments(logicalId));
});

describe('the retained tables', () => {
  it.each(['posture-log', 'posture-orders'])('%s can be imported by the next deployment: a name of its own, explicit policies', (name) => {
    // Source: CloudFormation, "Import AWS resources automatically": a fixed name, and a DeletionPolicy in the template.
    const [template] = [...synthesis.templates.values()].filter(({ Resources }) =>
      Object.values(Resources).some(({ Properties }) => Properties?.TableName === name),
    );
    const [table] = Object.values(template?.Resources ?? {}).filter(({ Properties }) => Properties?.TableName === name);
    expect(table).toMatchObject({ Type: 'AWS::DynamoDB::Table', DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });
});

describe('the hub', () => {
  it('has a table for coordination that forgets', () => {
    expect(one('AWS::DynamoDB::Table', 'posture-coordination').properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'key', KeyType: 'HASH' }],
      TimeToLiveSpecification: { AttributeName: 'forget', Enabled: true },
      GlobalSecondaryIndexes: [{ IndexName: 'by-open' }],
    });
  });

  it.each(['posture-undelivered', 'posture-failed'])('has an encrypted queue %s that takes nothing in the clear', (name) => {
    expect(one('AWS::SQS::Queue', name).properties).toMatchObject({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 14 * 86_400 });
    const [policy] = all('AWS::SQS::QueuePolicy').filter(({ properties }) => properties.Queues.includes(`${name}.Ref`));
    expect(policy?.properties.PolicyDocument.Statement).toContainEqual(
      expect.objectContaining({
        Effect: 'Deny',
        Action: 'sqs:*',
        Principal: { AWS: '*' },
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    );
  });

  it('lets EventBridge put there what our own routes could not deliver', () => {
    const statements = all('AWS::SQS::QueuePolicy').flatMap(({ properties }) => properties.PolicyDocument.Statement);
    const isOurs = ({ Resource }: { readonly Resource: string }) => ['posture-undelivered.Arn', 'posture-failed.Arn'].includes(Resource);
    expect(statements.filter((one) => one.Effect === 'Allow' && isOurs(one))).toEqual([
      {
        Sid: 'RoutesSend',
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: 'posture-undelivered.Arn',
        Condition: {
          ArnLike: {
            'aws:SourceArn': [
              'arn:{partition}:events:{region}:{account}:rule/posture-rule-*',
              'arn:{partition}:events:{region}:{account}:rule/posture-control',
              'arn:{partition}:events:{region}:{account}:rule/posture-dispatch*',
              'arn:{partition}:events:{region}:{account}:rule/posture-reconcile',
              'arn:{partition}:events:{region}:{account}:rule/posture-sweep',
              'arn:{partition}:events:{region}:{account}:rule/posture-archive',
              'arn:{partition}:events:{region}:{account}:rule/posture-seal',
              'arn:{partition}:events:{region}:{account}:rule/posture-control-hourly',
              'arn:{partition}:events:{region}:{account}:rule/posture-control-policy-minutely',
              'arn:{partition}:events:{region}:{account}:rule/posture-control-policy-deployed',
              'arn:{partition}:events:{region}:{account}:rule/posture/posture-notify',
            ],
          },
        },
      },
    ]);
  });

  it('lets every route put there what it could not deliver', () => {
    const [{ Condition }] = all('AWS::SQS::QueuePolicy')
      .flatMap(({ properties }) => properties.PolicyDocument.Statement)
      .filter(({ Effect }) => Effect === 'Allow');
    const patterns: readonly string[] = Condition.ArnLike['aws:SourceArn'];
    // What CloudTrail recorded goes to a queue with a dead-letter queue of its own.
    const toFunctions = all('AWS::Events::Rule').filter(({ stack, name }) => stack !== 'PostureWatch' && name !== 'posture-watch');
    for (const { name, properties } of toFunctions) {
      const bus = properties.EventBusName === undefined ? '' : 'posture/';
      const arn = `arn:{partition}:events:{region}:{account}:rule/${bus}${name}`;
      expect(properties.Targets.map((target: { DeadLetterConfig?: object }) => target.DeadLetterConfig)).toEqual([
        { Arn: 'posture-undelivered.Arn' },
      ]);
      const allowed = patterns.some((one) => (one.endsWith('*') ? arn.startsWith(one.slice(0, -1)) : arn === one));
      expect([arn, allowed]).toEqual([arn, true]);
    }
  });

  it('tells by alarms what a person has to look at, and where to read what to do', () => {
    const alarms = all('AWS::CloudWatch::Alarm').map(({ name, properties }) => [name, properties] as const);
    expect(alarms).toHaveLength(alarmCount);
    expect(alarms.map(([name, { AlarmDescription }]) => [name, AlarmDescription])).toEqual([
      ['posture-undelivered', 'Runbook: docs/operate.md#events-were-not-delivered'],
      ['posture-unhandled', 'Runbook: docs/operate.md#events-were-not-handled'],
      ['posture-failed', 'Runbook: docs/operate.md#fixes-failed'],
      ['posture-incomplete', 'Runbook: docs/operate.md#fixes-are-incomplete'],
      ['posture-stranded', 'Runbook: docs/operate.md#remediations-are-stranded'],
      ['posture-role-reads-only', 'Runbook: docs/operate.md#roles-only-read'],
      ['posture-invalid-events', 'Runbook: docs/operate.md#events-were-invalid'],
      ['posture-breaker-opened', 'Runbook: docs/operate.md#a-circuit-breaker-opened'],
      ['posture-counters-differ', 'Runbook: docs/operate.md#counters-differ-from-the-log'],
      ['posture-refused-requests', 'Runbook: docs/operate.md#requests-were-refused'],
      ['posture-policy-unreadable', 'Runbook: docs/operate.md#the-policy-could-not-be-read'],
      ['posture-policy-not-copied', 'Runbook: docs/operate.md#the-policy-was-not-copied'],
      ['posture-forged-records', 'Runbook: docs/operate.md#records-were-forged'],
      ['posture-not-reconciled', 'Runbook: docs/operate.md#findings-were-not-reconciled'],
      ['posture-notification-failed', 'Runbook: docs/operate.md#notifications-failed'],
      ['posture-routes-altered', 'Runbook: docs/operate.md#routes-were-altered'],
      ['posture-routes-unchecked', 'Runbook: docs/operate.md#routes-were-not-checked'],
      ['posture-archive-behind', 'Runbook: docs/operate.md#the-archive-is-behind'],
      ['posture-records-altered', 'Runbook: docs/operate.md#records-were-altered'],
      ['posture-archive-gap', 'Runbook: docs/operate.md#the-archive-has-a-gap'],
      ['posture-not-sealed', 'Runbook: docs/operate.md#the-log-was-not-sealed'],
      ['posture-changes-unhandled', 'Runbook: docs/operate.md#changes-were-not-looked-at'],
    ]);
    // What has to happen every hour is missing where there is nothing to count.
    for (const [name, properties] of alarms) {
      const TreatMissingData = ['posture-not-sealed', 'posture-routes-unchecked'].includes(name ?? '') ? 'breaching' : 'notBreaching';
      expect(properties).toMatchObject({ AlarmActions: ['posture-alarms.Ref'], Threshold: 1, TreatMissingData });
    }
    expect(alarms.slice(0, 2).map(([, { MetricName, Dimensions }]) => [MetricName, Dimensions[0].Value])).toEqual([
      ['ApproximateNumberOfMessagesVisible', 'posture-undelivered.QueueName'],
      ['ApproximateNumberOfMessagesVisible', 'posture-failed.QueueName'],
    ]);
  });

  it('watches metrics that the functions write', () => {
    const written = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
    try {
      metric('any-rule', { Failed: 1, InvalidEvents: 1 }, systemClock);
      const { _aws } = JSON.parse(String(written.mock.calls[0]?.[0]));
      for (const name of ['posture-failed', 'posture-invalid-events']) {
        const { Namespace, MetricName, Dimensions, Statistic } = one('AWS::CloudWatch::Alarm', name).properties;
        expect(Namespace).toBe(_aws.CloudWatchMetrics[0].Namespace);
        expect(_aws.CloudWatchMetrics[0].Metrics.map(({ Name }: { Name: string }) => Name)).toContain(MetricName);
        expect(_aws.CloudWatchMetrics[0].Dimensions).toContainEqual([]);
        expect([Dimensions, Statistic]).toEqual([undefined, 'Sum']);
      }
    } finally {
      written.mockRestore();
    }
  });

  it('lets CloudWatch publish to the topic, for this account and by TLS', () => {
    const [policy, ...others] = all('AWS::SNS::TopicPolicy')
      .filter(({ properties }) => properties.Topics.includes('posture-alarms.Ref'))
      .map(({ properties }) => properties.PolicyDocument.Statement);
    expect(others).toEqual([]);
    expect(policy).toContainEqual(
      expect.objectContaining({
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: 'sns:Publish',
        Condition: { StringEquals: { 'aws:SourceAccount': '{account}' } },
      }),
    );
    expect(policy).toContainEqual(expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }));
  });

  it('says the names that the command line needs', () => {
    expect(Object.keys(synthesis.templates.get('Posture')?.Outputs ?? {})).toEqual([
      'ControlUrl',
      'ControlApi',
      'LogTable',
      'OrdersTable',
      'CoordinationTable',
      'UndeliveredQueue',
      'FailedQueue',
      'AlarmTopic',
      'NotificationTopic',
      'SealTopic',
      'OutcomeBus',
      'ArchiveBucket',
      'QueryResults',
      'ScheduleGroup',
      'PolicyConfiguration',
    ]);
    expect(all('AWS::Scheduler::ScheduleGroup').map(({ name }) => name)).toEqual(['posture']);
  });

  it('is deployed once the member roles are there', () => {
    const central = synthesis.app.node.findChild('Posture') as Stack;
    expect(central.dependencies.map(({ stackName }) => stackName)).toEqual(['PostureMember']);
  });
});

describe('the policy', () => {
  const only = (type: string) => {
    const found = all(type);
    expect(found).toHaveLength(1);
    return found[0] as PlainResource;
  };

  it('stands in AppConfig as canonical JSON, and what was in force stays readable', () => {
    const version = only('AWS::AppConfig::HostedConfigurationVersion');
    expect(version.properties).toMatchObject({
      ContentType: 'application/json',
      Content: canonicalJson({ ...freshPolicy, exemptionTag: 'keep' }),
    });
    // AppConfig deletes nothing that has something below it: the stack could not be deleted otherwise.
    for (const type of ['Application', 'ConfigurationProfile', 'HostedConfigurationVersion'].map((one) => `AWS::AppConfig::${one}`))
      expect([type, resourceOf(only(type))]).toEqual([
        type,
        expect.objectContaining({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' }),
      ]);
  });

  it('is checked by a function that knows the rules, which AppConfig may invoke before anything is deployed', () => {
    expect(only('AWS::AppConfig::ConfigurationProfile').properties.Validators).toEqual([
      { Type: 'LAMBDA', Content: 'posture-policy-validator.Arn' },
    ]);
    expect(one('AWS::Lambda::Function', 'posture-policy-validator').properties).toMatchObject({ Handler: 'index.handler', Timeout: 15 });
    const permissions = (parameters?: Readonly<Record<string, string>>) =>
      plainResources(synthesis, parameters)
        .filter(({ type, properties }) => type === 'AWS::Lambda::Permission' && properties.Principal === 'appconfig.amazonaws.com')
        .map(({ properties }) => properties);
    const [made] = all('AWS::Lambda::Permission').filter(({ properties }) => properties.Principal === 'appconfig.amazonaws.com');
    const permission = {
      Action: 'lambda:InvokeFunction',
      FunctionName: 'posture-policy-validator.Ref',
      Principal: 'appconfig.amazonaws.com',
    };
    expect(permissions()).toEqual([permission]);
    expect(permissions({ ValidatorSource: 'account' })).toEqual([{ ...permission, SourceAccount: '{account}' }]);
    for (const type of ['AWS::AppConfig::HostedConfigurationVersion', 'AWS::AppConfig::Deployment'])
      expect(resourceOf(only(type))?.DependsOn).toContain(made?.logicalId);
  });

  it('is deployed all at once, without a bake', () => {
    expect(only('AWS::AppConfig::DeploymentStrategy').properties).toMatchObject({
      DeploymentDurationInMinutes: 0,
      GrowthFactor: 100,
      FinalBakeTimeInMinutes: 0,
    });
    expect(all('AWS::AppConfig::Deployment')).toHaveLength(1);
  });

  it('is announced to EventBridge from its first deployment on', () => {
    const events = only('AWS::AppConfig::ExtensionAssociation');
    expect(events.properties).toMatchObject({
      ExtensionIdentifier: 'AWS.AppConfig.DeploymentNotificationsToEventBridge',
      ResourceIdentifier: expect.stringMatching(
        /^arn:\{partition\}:appconfig:\{region\}:\{account\}:application\/[^/]+\/environment\/[^/]+$/,
      ),
    });
    expect(resourceOf(only('AWS::AppConfig::Deployment'))?.DependsOn).toContain(events.logicalId);
  });
});

describe.each(catalogue.map(({ rule, service }) => [rule.id, service, rule] as const))('the rule %s', (id, service, rule) => {
  const name = `posture-rule-${id}`;
  const routes = eventPatterns(rule).map((pattern, index) => [index === 0 ? name : `${name}-${index + 1}`, pattern] as const);

  it("stands in its service's stack, below a construct of its name, in four resources and two for each route", () => {
    const own = resources.filter(({ logicalId }) => logicalId.startsWith(id.replaceAll('-', '')));
    expect(
      own
        .filter(({ stack }) => stack === `Posture/${service}`)
        .map(({ type }) => type)
        .toSorted(),
    ).toEqual([
      ...routes.map(() => 'AWS::Events::Rule'),
      'AWS::IAM::Role',
      'AWS::Lambda::EventInvokeConfig',
      'AWS::Lambda::Function',
      ...routes.map(() => 'AWS::Lambda::Permission'),
      'AWS::Logs::LogGroup',
    ]);
    expect(own.filter(({ stack }) => stack === 'PostureMember').map(({ type }) => type)).toEqual(['AWS::IAM::Role']);
  });

  it('has a function with its own role, traced where that is asked for, with logs that are not kept for ever', () => {
    const { properties } = one('AWS::Lambda::Function', name);
    expect(properties).toMatchObject({
      Role: `posture-function-${id}.Arn`,
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      Timeout: 120,
      TracingConfig: { Mode: 'PassThrough' },
    });
    const traced = plainResources(synthesis, { Tracing: 'active' }).find(
      (made) => made.type === 'AWS::Lambda::Function' && made.name === name,
    );
    expect(traced?.properties.TracingConfig).toEqual({ Mode: 'Active' });
    expect(properties).not.toHaveProperty('ReservedConcurrentExecutions');
    expect(one('AWS::Logs::LogGroup', `/aws/lambda/${name}`).properties.RetentionInDays).toBe(365);
  });

  it('gives its function the environment that the function reads', () => {
    const { Variables } = one('AWS::Lambda::Function', name).properties.Environment;
    const read = Object.keys(environment.shape).filter((key) => key !== 'TICKETS_TABLE' && (key !== 'DOCUMENTS' || rule.documents));
    expect(Object.keys(Variables).toSorted()).toEqual(read.toSorted());
    const queue = 'arn:aws:sqs:eu-west-1:111122223333:posture-undelivered';
    expect(environment.parse({ ...Variables, CENTRAL_ACCOUNT: '111122223333', UNDELIVERED: queue })).toEqual({
      LOG_TABLE: 'posture-log.Ref',
      ORDERS_TABLE: 'posture-orders.Ref',
      COORDINATION_TABLE: 'posture-coordination.Ref',
      POLICY: policyIds,
      BUS: 'posture',
      MEMBER_ROLE: `arn:{partition}:iam::{account}:role/posture-${id}`,
      CENTRAL_ACCOUNT: '111122223333',
      ACTOR: `posture-function-${id}.Arn`,
      VERSION: '0.1.0+aaaaaaaaaaaa',
      SCHEDULE_GROUP: 'posture',
      SCHEDULE_ROLE: `posture-function-${id}.Arn`,
      UNDELIVERED: queue,
      ...(rule.documents && { DOCUMENTS: `https://${all('AWS::S3::Bucket')[0]?.logicalId}.RegionalDomainName/${id}` }),
    });
    expect(Variables).toMatchObject({ CENTRAL_ACCOUNT: '{account}', UNDELIVERED: 'posture-undelivered.Arn' });
  });

  it('keeps what its function could not handle', () => {
    const [config, ...others] = all('AWS::Lambda::EventInvokeConfig').filter(({ properties }) => properties.FunctionName === `${name}.Ref`);
    expect(others).toEqual([]);
    expect(config?.properties).toMatchObject({
      Qualifier: '$LATEST',
      MaximumRetryAttempts: 2,
      MaximumEventAgeInSeconds: 21_600,
      DestinationConfig: { OnFailure: { Destination: 'posture-failed.Arn' } },
    });
  });

  it.each(routes)('has a route %s that EventBridge takes, to its function alone, which that route may invoke', (routeName, pattern) => {
    const { properties } = one('AWS::Events::Rule', routeName);
    expect(properties.EventPattern).toEqual(pattern);
    expect(synthesis.patterns.get(id)).toContainEqual(pattern);
    expect(refusalOf(JSON.stringify(properties.EventPattern))).toBeUndefined();
    expect(properties.Targets).toEqual([
      {
        Id: 'function',
        Arn: `${name}.Arn`,
        DeadLetterConfig: { Arn: 'posture-undelivered.Arn' },
        RetryPolicy: { MaximumEventAgeInSeconds: 21_600, MaximumRetryAttempts: 60 },
      },
    ]);
    expect(properties).not.toHaveProperty('State', 'DISABLED');
    expect(all('AWS::Lambda::Permission').map(({ properties: permission }) => permission)).toContainEqual({
      Action: 'lambda:InvokeFunction',
      FunctionName: `${name}.Ref`,
      Principal: 'events.amazonaws.com',
      SourceArn: `${routeName}.Arn`,
    });
  });
});

describe('the stacks', () => {
  it('fit in what CloudFormation takes', () => {
    for (const [name, template] of synthesis.templates) {
      expect([name, Object.keys(template.Resources).length < 450]).toEqual([name, true]);
      // The template of the members is written without white space; the synthesis fails if any file has more than 900 KB.
      const text = name === 'PostureMember' ? JSON.stringify(template) : JSON.stringify(template, null, 1);
      expect([name, text.length < 1_000_000]).toEqual([name, true]);
    }
  });

  it('need the quotas that the documentation says', () => {
    const count = (type: string, isCounted = (_: PlainResource) => true) => all(type).filter(isCounted).length;
    const [roles, others] = [count('AWS::IAM::Role'), count('AWS::IAM::Role', ({ stack }) => stack === 'PostureMember')];
    const onDefaultBus = count('AWS::Events::Rule', ({ properties }) => properties.EventBusName === undefined);
    // One of the two forms of the endpoint is deployed.
    const stacks = synthesis.templates.size - 1;
    const page = readFileSync(path.resolve(__dirname, '../../docs/operate.md'), 'utf8');
    const required = page.split('\n').flatMap((line) => /^\| .+\(\[\w+\]\(https.+\)\) \| (.+?) \|/.exec(line)?.[1] ?? []);
    expect(required).toEqual([
      `${roles}; in other accounts ${others}`,
      `${onDefaultBus}`,
      `One for each finding that is processed, shared by ${count('AWS::Lambda::Function')} functions`,
      `${count('AWS::IAM::ManagedPolicy')}`,
      `${stacks}`,
    ]);
  });

  it('hold no resource that belongs to no rule but those of the hub', () => {
    const routes = catalogue.flatMap(({ rule }) => eventPatterns(rule));
    expect(resources.length).toBe(
      5 * catalogue.length +
        2 * routes.length +
        // The member roles of the dispatcher, the reconciliation and the sweep, whose policies do not fit into the role.
        3 +
        all('AWS::IAM::ManagedPolicy').length +
        resources.filter(({ stack }) => ['Posture', 'PostureWatch', 'Posture/functionurl', 'Posture/httpapi'].includes(stack)).length,
    );
  });

  it('ask of Lambda nothing that a partition lacks: X-Ray in China, JSON as the format of logs in GovCloud', () => {
    for (const [stack, { Conditions, Resources }] of synthesis.templates) {
      const functions = Object.values(Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
      for (const { Properties } of functions) {
        expect(Properties).toMatchObject({ TracingConfig: { Mode: { 'Fn::If': ['HasTracing', 'Active', 'PassThrough'] } } });
        expect(Properties).not.toHaveProperty('LoggingConfig');
      }
      const isSupported = { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'AWS::Partition' }, 'aws-cn'] }] };
      const isActive = { 'Fn::Equals': [{ Ref: expect.stringMatching(/^(referencetoPosture)?Tracing(\w+Ref)?$/) }, 'active'] };
      const hasTracing = { 'Fn::And': [isSupported, isActive] };
      if (functions.length > 0) expect([stack, Conditions?.HasTracing]).toEqual([stack, hasTracing]);
    }
  });

  it('make no route before the policy is in force, and the schedules and the bus are there', () => {
    const central = synthesis.templates.get('Posture')?.Resources ?? {};
    const idsOf = (type: string) => Object.entries(central).flatMap(([id, { Type }]) => (Type === type ? [id] : []));
    const bus = idsOf('AWS::Events::EventBus').filter((id) => central[id]?.Properties?.Name === 'posture');
    const used = [...['AWS::AppConfig::Deployment', 'AWS::Scheduler::ScheduleGroup'].flatMap(idsOf), ...bus];
    expect(used).toHaveLength(3);
    const services = idsOf('AWS::CloudFormation::Stack').filter((id) => central[id]?.Condition === undefined);
    expect(services).toHaveLength(new Set(catalogue.map(({ service }) => service)).size);
    for (const id of services) expect([id, central[id]?.DependsOn]).toEqual([id, expect.arrayContaining(used)]);
  });

  it('deploy four services at the same time and no more, each lane one after another', () => {
    const central = synthesis.templates.get('Posture')?.Resources ?? {};
    const services = Object.entries(central).filter(([, { Type, Condition }]) => Type === 'AWS::CloudFormation::Stack' && !Condition);
    const ids = services.map(([id]) => id);
    const before = services.map(([, { DependsOn = [] }]) => [DependsOn].flat().filter((id) => ids.includes(id)));
    expect(before.filter((some) => some.length === 0)).toHaveLength(4);
    expect(before.filter((some) => some.length > 1)).toEqual([]);
    expect(new Set(before.flat()).size).toBe(services.length - 4);
  });

  it('make the group of a log, which takes no other name than that of its function, before the function', () => {
    for (const { stack, name = '', properties } of all('AWS::Lambda::Function')) {
      expect(one('AWS::Logs::LogGroup', `/aws/lambda/${name}`).stack).toBe(stack);
      const { Policies } = one('AWS::IAM::Role', properties.Role.replace(/\.Arn$/, '')).properties;
      const writes = Policies[0].PolicyDocument.Statement.find(({ Action }: { Action: string }) => Action.includes('logs:PutLogEvents'));
      expect(writes.Resource).toBe(`/aws/lambda/${name}.Arn`);
    }
  });

  it('keep nothing by a name that is made up when it is deployed, as only what has a plain one can be taken over by a later deployment', () => {
    const kept = all('AWS::DynamoDB::Table').filter((table) => resourceOf(table)?.DeletionPolicy !== 'Delete');
    expect(kept.map(({ properties }) => properties.TableName)).toEqual(['posture-log', 'posture-orders']);
    const others = [...synthesis.templates.values()].flatMap(({ Resources }) => Object.values(Resources));
    // A bucket is not taken over: a later deployment makes another, and the objects of this one stay locked and readable.
    const retained = others.filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain').map(({ Type }) => Type);
    expect(retained.toSorted()).toEqual([
      'AWS::DynamoDB::Table',
      'AWS::DynamoDB::Table',
      'AWS::KMS::Key',
      'AWS::S3::Bucket',
      'AWS::S3::Bucket',
      'AWS::S3::BucketPolicy',
    ]);
  });

  it('name no account, region or partition', () => {
    expect(JSON.stringify([...synthesis.templates])).not.toMatch(/\barn:aws\b|\b\d{12}\b/);
    expect(JSON.stringify([...synthesis.templates])).not.toMatch(/\b(eu|us|ap|ca|sa|me|af)-(north|south|east|west|central)\w*-\d\b/);
  });
});

describe('cdk-nag', () => {
  const violations = (synthesisOf: Synthesis) =>
    new AwsSolutionsChecks()
      .validateScope(synthesisOf.app)
      .violations.flatMap(({ ruleName, violatingResources = [] }) =>
        violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
      );

  it('finds nothing that is not acknowledged with a reason', () => {
    expect(violations(synthesis)).toEqual([]);
  });

  it('would find a queue in the clear', async () => {
    const other = await synthesized(outdir);
    new Queue(new Stack(other.app, 'Planted'), 'Bare');
    expect(violations(other)).toContainEqual(expect.stringMatching(/^AwsSolutions-SQS4.* at Planted\/Bare/));
  });
});
