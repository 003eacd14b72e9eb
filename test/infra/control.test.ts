import { loadRules } from '../../functions/catalogue/catalogue';
import { controlEnvironment } from '../../functions/control/environment';
import type { Synthesis, Template } from '../../infra/synth';
import { matches } from '../emulator/event-pattern';
import { type PlainResource, plainResources } from './plain';
import { synthesized, temporaryFolder } from './synthesized';

const outdir = temporaryFolder('control');
let synthesis: Synthesis;
let resources: readonly PlainResource[];
beforeAll(async () => {
  synthesis = await synthesized(outdir, { entries: loadRules().slice(0, 1) });
  resources = plainResources(synthesis);
});

const named = (type: string, name: string) => resources.find((one) => one.type === type && one.name === name)?.properties;
const permissions = () =>
  resources.flatMap(({ type, properties }) =>
    type === 'AWS::Lambda::Permission' && /control|automations|custom-actions|hourly/.test(String(properties.FunctionName))
      ? [properties]
      : [],
  );

describe('the function that takes orders', () => {
  it('has an endpoint for signed requests alone, and gives nobody the right to call it', () => {
    const urls = resources.filter(({ type }) => type === 'AWS::Lambda::Url');
    expect(urls.map(({ properties }) => properties)).toEqual([
      { AuthType: 'AWS_IAM', TargetFunctionArn: 'posture-control.Arn', Qualifier: 'url' },
    ]);
    expect(permissions().map(({ Principal }) => Principal)).toEqual([
      ...Array.from({ length: 4 }, () => 'events.amazonaws.com'),
      'apigateway.amazonaws.com',
    ]);
  });

  it('has an HTTP API for signed requests where Lambda has no function URLs, and no template names the one where the other is', () => {
    const central = synthesis.templates.get('Posture') as Template;
    const isUrl = { 'Fn::Equals': [{ Ref: 'Endpoint' }, 'function-url'] };
    const isNone = { 'Fn::Equals': [{ Ref: 'Endpoint' }, 'none'] };
    expect(central.Parameters?.Endpoint).toMatchObject({ Default: 'function-url' });
    expect(central.Conditions).toMatchObject({
      HasFunctionUrl: { 'Fn::And': [{ 'Fn::Equals': [{ Ref: 'AWS::Partition' }, 'aws'] }, isUrl] },
      HasHttpApi: { 'Fn::And': [{ 'Fn::Not': [{ Condition: 'HasFunctionUrl' }] }, { 'Fn::Not': [isNone] }] },
    });
    const conditional = Object.entries(central.Resources).filter(([, one]) => one.Type.endsWith('::Stack') && one.Condition !== undefined);
    expect(conditional.map(([id, { Type, Condition }]) => [id.replace(/NestedStack.*/, ''), Type, Condition])).toEqual([
      ['functionurl', 'AWS::CloudFormation::Stack', 'HasFunctionUrl'],
      ['httpapi', 'AWS::CloudFormation::Stack', 'HasHttpApi'],
    ]);
    const typesIn = (name: string) => resources.filter(({ stack }) => stack === `Posture/${name}`).map(({ type }) => type);
    expect(typesIn('functionurl')).toEqual(['AWS::Lambda::Url']);
    expect(typesIn('httpapi')).toEqual([
      ...['Api', 'Integration', 'Route', 'Stage'].map((one) => `AWS::ApiGatewayV2::${one}`),
      'AWS::Lambda::Permission',
    ]);
    expect(central.Outputs).toMatchObject({
      ControlUrl: { Condition: 'HasFunctionUrl', Value: { 'Fn::GetAtt': [conditional[0]?.[0], expect.stringMatching(/FunctionUrl$/)] } },
      ControlApi: { Condition: 'HasHttpApi', Value: { 'Fn::GetAtt': [conditional[1]?.[0], expect.stringMatching(/ApiEndpoint$/)] } },
    });
  });

  it('takes of the HTTP API only what IAM has let in', () => {
    const api = (type: string) => resources.find((one) => one.type === `AWS::ApiGatewayV2::${type}`)?.properties;
    expect(resources.filter(({ type }) => type === 'AWS::ApiGatewayV2::Route')).toHaveLength(1);
    expect(api('Route')).toMatchObject({ RouteKey: 'POST /', AuthorizationType: 'AWS_IAM' });
    expect(api('Integration')).toMatchObject({
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: 'posture-control.Arn:url',
      PayloadFormatVersion: '2.0',
    });
    expect(permissions()).toContainEqual({
      Action: 'lambda:InvokeFunction',
      FunctionName: 'posture-control.Arn:url',
      Principal: 'apigateway.amazonaws.com',
      SourceArn: 'arn:{partition}:execute-api:{region}:{account}:posture-control.Ref/*/POST/',
    });
  });

  it('gets custom actions by an alias of their own, and from its route alone', () => {
    const aliases = resources.filter(({ type }) => type === 'AWS::Lambda::Alias').map(({ properties }) => properties);
    expect(aliases).toEqual(
      ['url', 'automations', 'custom-actions', 'hourly', 'policy', 'answers'].map((Name) => ({
        FunctionName: 'posture-control.Ref',
        FunctionVersion: '$LATEST',
        Name,
      })),
    );
    expect(named('AWS::Events::Rule', 'posture-control')).toMatchObject({
      EventPattern: {
        source: ['aws.securityhub'],
        'detail-type': ['Security Hub Findings - Custom Action', 'Security Hub Insight Results'],
        resources: ['PostureApprove', 'PostureReject', 'PostureRollback', 'PostureFix'].map((one) => ({ suffix: `:action/custom/${one}` })),
      },
      Targets: [{ Arn: 'posture-control.Arn:custom-actions', DeadLetterConfig: { Arn: 'posture-undelivered.Arn' } }],
    });
    expect(permissions().filter(({ Principal }) => Principal === 'events.amazonaws.com')).toMatchObject([
      { FunctionName: 'posture-control.Arn:custom-actions', SourceArn: 'posture-control.Arn' },
      { FunctionName: 'posture-control.Arn:hourly', SourceArn: 'posture-control-hourly.Arn' },
      { FunctionName: 'posture-control.Arn:policy', SourceArn: 'posture-control-policy-minutely.Arn' },
      { FunctionName: 'posture-control.Arn:policy', SourceArn: 'posture-control-policy-deployed.Arn' },
    ]);
    const failures = resources.filter(({ type }) => type === 'AWS::Lambda::EventInvokeConfig').map(({ properties }) => properties);
    expect(failures).toContainEqual(expect.objectContaining({ FunctionName: 'posture-control.Ref', Qualifier: 'custom-actions' }));
  });

  it('checks every hour, by an alias of its own', () => {
    expect(named('AWS::Events::Rule', 'posture-control-hourly')).toMatchObject({
      ScheduleExpression: 'cron(5 * * * ? *)',
      Targets: [{ Arn: 'posture-control.Arn:hourly', DeadLetterConfig: { Arn: 'posture-undelivered.Arn' } }],
    });
    const failures = resources.filter(({ type }) => type === 'AWS::Lambda::EventInvokeConfig').map(({ properties }) => properties);
    expect(failures).toContainEqual(expect.objectContaining({ FunctionName: 'posture-control.Ref', Qualifier: 'hourly' }));
  });

  it('copies the policy every minute, and at once when AppConfig has deployed it, by an alias of its own', () => {
    const target = {
      Arn: 'posture-control.Arn:policy',
      DeadLetterConfig: { Arn: 'posture-undelivered.Arn' },
      RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 2 },
    };
    expect(named('AWS::Events::Rule', 'posture-control-policy-minutely')).toMatchObject({
      ScheduleExpression: 'rate(1 minute)',
      Targets: [target],
    });
    const deployed = named('AWS::Events::Rule', 'posture-control-policy-deployed');
    expect(deployed).toMatchObject({ Targets: [target] });
    const { EventPattern } = deployed;
    const application = EventPattern.detail.Application.Id[0];
    // The example of AWS's documentation, for our application.
    const event = {
      version: '0',
      id: 'c53dbd72-c1a0-2302-9ed6-c076e9128277',
      'detail-type': 'On Deployment Complete',
      source: 'aws.appconfig',
      account: '111122223333',
      time: '2022-07-09T01:44:15Z',
      region: 'us-east-1',
      resources: ['arn:aws:appconfig:us-east-1:111122223333:extensionassociation/z763ff5'],
      detail: {
        InvocationId: '5tfjcig',
        Parameters: {},
        Type: 'OnDeploymentComplete',
        Application: { Id: application, Name: 'posture' },
        Environment: { Id: 'pgil2o7', Name: 'posture' },
        ConfigurationProfile: { Id: 'ga3tqep', Name: 'posture' },
        DeploymentNumber: 1,
        ConfigurationVersion: '1',
      },
    };
    expect(matches(EventPattern, event)).toBe(true);
    expect(matches(EventPattern, { ...event, 'detail-type': 'On Deployment Rolled Back' })).toBe(true);
    expect(matches(EventPattern, { ...event, detail: { ...event.detail, Application: { Id: 'ba8toh7' } } })).toBe(false);
    const failures = resources.filter(({ type }) => type === 'AWS::Lambda::EventInvokeConfig').map(({ properties }) => properties);
    expect(failures).toContainEqual({
      FunctionName: 'posture-control.Ref',
      Qualifier: 'policy',
      MaximumEventAgeInSeconds: 60,
      MaximumRetryAttempts: 0,
    });
  });

  it('reads and writes items by their keys alone: a call that names no key is refused', () => {
    const statements: readonly { readonly Action: string; readonly Resource: string; readonly Condition?: object }[] = named(
      'AWS::IAM::Role',
      'posture-function-control',
    ).Policies[0].PolicyDocument.Statement;
    const own = statements.filter(({ Resource }) => /^posture-(orders|coordination)\.Arn/.test(Resource));
    expect(own.length).toBeGreaterThan(5);
    for (const { Condition } of own) expect(Condition).toMatchObject({ Null: { 'dynamodb:LeadingKeys': 'false' } });
    expect(own).toContainEqual(
      expect.objectContaining({
        Action: 'dynamodb:Query',
        Resource: 'posture-coordination.Arn/index/by-open',
        Condition: expect.objectContaining({ 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['open', 'breaker', 'containment'] } }),
      }),
    );
  });

  it.each(['posture-stop', 'posture-resume'])(
    'gets the automation %s by an alias of its own, by which nothing else can be ordered',
    (name) => {
      expect(named('AWS::SSM::Document', name)).toMatchObject({
        DocumentType: 'Automation',
        Content: {
          schemaVersion: '0.3',
          assumeRole: 'posture-automation.Arn',
          parameters: { Why: { type: 'String', minChars: 3, maxChars: 1000 } },
          mainSteps: [
            {
              action: 'aws:invokeLambdaFunction',
              inputs: {
                FunctionName: 'posture-control.Ref',
                Qualifier: 'automations',
                InvocationType: 'RequestResponse',
                InputPayload: { automation: '{{ automation:EXECUTION_ID }}' },
              },
            },
          ],
        },
      });
      expect(named('AWS::IAM::Role', 'posture-automation').AssumeRolePolicyDocument.Statement).toEqual([
        {
          Action: 'sts:AssumeRole',
          Effect: 'Allow',
          Principal: { Service: 'ssm.amazonaws.com' },
          Condition: {
            StringEquals: { 'aws:SourceAccount': '{account}' },
            ArnLike: { 'aws:SourceArn': 'arn:{partition}:ssm:{region}:{account}:automation-execution/*' },
          },
        },
      ]);
      expect(named('AWS::IAM::Role', 'posture-automation').Policies[0].PolicyDocument.Statement).toEqual([
        { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: 'posture-control.Arn:automations' },
      ]);
    },
  );

  it('has a reservation of concurrency only where somebody asks for one, and no other function ever has', () => {
    const reserved = (parameters?: Readonly<Record<string, string>>) =>
      plainResources(synthesis, parameters).flatMap(({ type, name, properties }) =>
        type === 'AWS::Lambda::Function' && 'ReservedConcurrentExecutions' in properties
          ? [[name, properties.ReservedConcurrentExecutions]]
          : [],
      );
    expect(reserved()).toEqual([]);
    expect(reserved({ ControlConcurrency: '5' })).toEqual([['posture-control', '5']]);
  });

  it('gets the environment that it reads', () => {
    const { Variables } = named('AWS::Lambda::Function', 'posture-control').Environment;
    const set = Object.keys(controlEnvironment.shape).filter((name) => name !== 'AWS_REGION');
    expect(Object.keys(Variables).toSorted()).toEqual(set.toSorted());
  });

  it('may put down what people say and read what they said of: it changes no resource, and assumes no role', () => {
    const { Policies, ManagedPolicyArns } = named('AWS::IAM::Role', 'posture-function-control');
    expect(ManagedPolicyArns).toBeUndefined();
    const statements = Policies[0].PolicyDocument.Statement as readonly { readonly Effect: string; readonly Action: string | string[] }[];
    const actions = statements.flatMap(({ Action, Effect }) => (Effect === 'Allow' ? Action : []));
    expect(new Set(actions)).toEqual(
      new Set([
        ...['PartiQLInsert', 'PutItem', 'Query', 'GetItem', 'UpdateItem', 'DeleteItem', 'BatchGetItem'].map((one) => `dynamodb:${one}`),
        ...['events:ListRules', 'events:ListTargetsByRule'],
        ...['appconfig:StartConfigurationSession', 'appconfig:GetLatestConfiguration', 'organizations:ListParents'],
        ...['appconfig:ListDeployments', 'appconfig:GetHostedConfigurationVersion', 'cloudtrail:LookupEvents'],
        ...['ssm:GetAutomationExecution', 'lambda:InvokeFunction', 'events:PutEvents', 'sqs:SendMessage'],
        ...['logs:CreateLogStream', 'logs:PutLogEvents', 'xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
      ]),
    );
  });
});
