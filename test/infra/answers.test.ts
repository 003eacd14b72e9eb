import { AwsSolutionsChecks } from 'cdk-nag';
import { endpointEnvironment } from '../../functions/answers/endpoint/environment';
import { answersEnvironment } from '../../functions/answers/environment';
import { loadRules } from '../../functions/catalogue/catalogue';
import type { Synthesis } from '../../infra/synth';
import { type PlainResource, plainResources } from './plain';
import { synthesized, temporaryFolder } from './synthesized';

const outdir = temporaryFolder('answers');
const tracker = '{ vendor: github, url: "https://api.github.com", project: acme/security, secret: posture/github }';
const person = '{ person: "arn:aws:iam::111122223333:user/ada", user: "583231", slack: U012AB3CD }';
const slack = '{ workspace: T012AB3CD, channel: C012AB3CD, secret: posture/slack }';
const approvals = 'approvals: { approvers: [{ principals: ["arn:aws:iam::111122223333:user/ada"] }] }';
const tickets = (more: string) => `${approvals}\ntickets: { tracker: ${tracker}, slack: ${slack}${more} }`;
const synth = (policy: string) => synthesized(outdir, { entries: loadRules().slice(0, 1), policy });
let synthesis: Synthesis;
let resources: readonly PlainResource[];
beforeAll(async () => {
  synthesis = await synth(tickets(`, answers: { secret: posture/answers, operators: [${person}] }`));
  resources = plainResources(synthesis);
});

const ofType = (type: string) => resources.filter((one) => one.type === type);
const named = (type: string, name: string) => ofType(type).find((one) => one.name === name)?.properties;
const allowed = (role: string) => {
  const { Policies } = named('AWS::IAM::Role', role);
  const { Statement } = Policies[0].PolicyDocument as {
    readonly Statement: readonly {
      readonly Effect: string;
      readonly Action: unknown;
      readonly Resource: unknown;
      readonly Condition?: unknown;
    }[];
  };
  return Statement.filter(({ Effect }) => Effect === 'Allow');
};
const items = (...keys: readonly string[]) => ({
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys },
  Null: { 'dynamodb:LeadingKeys': 'false' },
});
const secretArn = (name: string) => `arn:{partition}:secretsmanager:{region}:{account}:secret:${name}-??????`;
const logs = (name: string) => [
  { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: `/aws/lambda/${name}.Arn` },
  { Effect: 'Allow', Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], Resource: '*' },
];
const reads = (name: string) => [
  { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: secretArn(name) },
  expect.objectContaining({ Action: 'kms:Decrypt' }),
];

describe('the way in for answers', () => {
  it('is not deployed unless the policy names who answers', async () => {
    const without = plainResources(await synth(tickets('')));
    expect(without.filter(({ name = '' }) => name.startsWith('posture-answers'))).toEqual([]);
    expect(without.some(({ name }) => name === 'posture-tickets')).toBe(true);
  });

  it('is an HTTP API that limits the requests, and posts to two addresses alone', () => {
    const inAnswers = (type: string) => ofType(type).filter(({ logicalId }) => logicalId.startsWith('Answers'));
    expect(inAnswers('AWS::ApiGatewayV2::Route').map(({ properties }) => properties.RouteKey)).toEqual(['POST /tracker', 'POST /slack']);
    expect(inAnswers('AWS::ApiGatewayV2::Stage')[0]?.properties).toMatchObject({
      DefaultRouteSettings: { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 20 },
    });
    const permissions = ofType('AWS::Lambda::Permission').filter(({ properties }) => String(properties.FunctionName).includes('answers'));
    expect(permissions.map(({ properties }) => [properties.Principal, String(properties.SourceArn).split('/').slice(-2)])).toEqual([
      ['apigateway.amazonaws.com', ['POST', 'tracker']],
      ['apigateway.amazonaws.com', ['POST', 'slack']],
    ]);
    expect(ofType('AWS::Lambda::Url').filter(({ properties }) => properties.AuthType !== 'AWS_IAM')).toEqual([]);
  });

  it('has an endpoint that may read its one secret, insert what it received, and enqueue: no more', () => {
    expect(allowed('posture-function-answers-endpoint')).toEqual([
      ...reads('posture/answers'),
      { Effect: 'Allow', Action: 'dynamodb:PutItem', Resource: 'posture-tickets.Arn', Condition: items('delivery *') },
      { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: 'posture-answers.Arn' },
      ...logs('posture-answers-endpoint'),
    ]);
  });

  it('has a function that may read the tracker and Slack, compare with the records, and ask control by one alias: no more', () => {
    expect(allowed('posture-function-answers')).toEqual([
      ...reads('posture/github'),
      ...reads('posture/slack'),
      { Effect: 'Allow', Action: 'dynamodb:UpdateItem', Resource: 'posture-tickets.Arn', Condition: items('answer *') },
      { Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: 'posture-tickets.Arn', Condition: items('ticket posture-*') },
      { Effect: 'Allow', Action: 'dynamodb:BatchGetItem', Resource: 'posture-orders.Arn', Condition: items('policy', 'policy-check') },
      expect.objectContaining({ Action: ['appconfig:StartConfigurationSession', 'appconfig:GetLatestConfiguration'] }),
      {
        Effect: 'Allow',
        Action: 'lambda:InvokeFunction',
        Resource: 'arn:{partition}:lambda:{region}:{account}:function:posture-control:answers',
      },
      {
        Effect: 'Allow',
        Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ChangeMessageVisibility'],
        Resource: 'posture-answers.Arn',
      },
      ...logs('posture-answers'),
    ]);
  });

  it('gives no other role the alias of the control function', () => {
    const text = (of: PlainResource) => JSON.stringify(of.properties);
    const roles = ofType('AWS::IAM::Role').filter((one) => text(one).includes('posture-control:answers'));
    expect(roles.map(({ name }) => name)).toEqual(['posture-function-answers']);
    expect(ofType('AWS::Lambda::Permission').filter((one) => text(one).includes(':answers'))).toEqual([]);
  });

  it('lets three functions write the table of tickets, each its own items', () => {
    const { ResourcePolicy } = named('AWS::DynamoDB::Table', 'posture-tickets');
    expect(ResourcePolicy.PolicyDocument.Statement[0].Condition.ArnNotLike['aws:PrincipalArn']).toEqual([
      ...['tickets', 'answers', 'answers-endpoint'].map((one) => `arn:{partition}:iam::{account}:role/posture-function-${one}`),
      expect.stringContaining('posture-break-glass'),
    ]);
  });

  it('gives its functions the environment that they read, and no secret in it', () => {
    const variables = (name: string) => named('AWS::Lambda::Function', name).Environment.Variables as Readonly<Record<string, string>>;
    expect(Object.keys(variables('posture-answers')).toSorted()).toEqual(Object.keys(answersEnvironment.shape).toSorted());
    expect(Object.keys(variables('posture-answers-endpoint')).toSorted()).toEqual(Object.keys(endpointEnvironment.shape).toSorted());
    expect(variables('posture-answers-endpoint')).toMatchObject({ TRACKER: 'github', SLACK: 'on', SECRET: 'posture/answers' });
  });

  it('keeps what is not handled in another queue, with an alarm that names its heading in the runbook', () => {
    expect(named('AWS::SQS::Queue', 'posture-answers')).toMatchObject({
      RedrivePolicy: { deadLetterTargetArn: 'posture-answers-failed.Arn', maxReceiveCount: 100 },
    });
    const alarms = ofType('AWS::CloudWatch::Alarm').filter(({ name = '' }) => name.includes('answers'));
    expect(alarms.map(({ name, properties }) => [name, properties.AlarmDescription])).toEqual([
      ['posture-answers-rejected', 'Runbook: docs/operate.md#requests-to-the-endpoint-of-answers-were-rejected'],
      ['posture-answers-unhandled', 'Runbook: docs/operate.md#answers-were-not-handled'],
    ]);
  });

  it('gives cdk-nag nothing to find', () => {
    const { violations } = new AwsSolutionsChecks().validateScope(synthesis.app);
    const found = violations.flatMap(({ ruleName, violatingResources = [] }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
    );
    expect(found.filter((one) => one.includes('Answers') || one.includes('Tickets'))).toEqual([]);
  });
});
