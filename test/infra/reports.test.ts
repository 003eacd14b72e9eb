import { AwsSolutionsChecks } from 'cdk-nag';
import { loadRules } from '../../functions/catalogue/catalogue';
import { reportEnvironment } from '../../functions/report/scheduled/environment';
import type { Synthesis } from '../../infra/synth';
import { plainResources } from './plain';
import { synthesized, temporaryFolder } from './synthesized';

const outdir = temporaryFolder('reports');
const entries = loadRules().slice(0, 1);
let synthesis: Synthesis;
beforeAll(async () => {
  synthesis = await synthesized(outdir, { entries, context: { reports: 'monthly' } });
});

const named = (type: string, name: string, of = synthesis) =>
  plainResources(of).find((one) => one.type === type && one.name === name)?.properties;
const archive = () => plainResources(synthesis).find(({ type }) => type === 'AWS::S3::Bucket')?.logicalId ?? '';

describe('scheduled reports', () => {
  it('are off unless the context switches them on: nothing is deployed for them', async () => {
    for (const context of [{}, { reports: 'off' }]) {
      const without = await synthesized(outdir, { entries, context });
      const names = plainResources(without).map(({ name }) => name);
      expect(names).toContain('posture-archive');
      expect(names.filter((name) => /^posture-(function-)?(report|not-reported)$/.test(String(name)))).toEqual([]);
    }
  });

  it.each([
    ['weekly', 'cron(6 4 ? * MON *)'],
    ['monthly', 'cron(6 4 1 * ? *)'],
    ['quarterly', 'cron(6 4 1 1,4,7,10 ? *)'],
    ['yearly', 'cron(6 4 1 1 ? *)'],
  ])('%s are made after the end of their period', async (reports, ScheduleExpression) => {
    const made = await synthesized(outdir, { entries, context: { reports } });
    expect(named('AWS::Events::Rule', 'posture-report', made)).toMatchObject({
      ScheduleExpression,
      Targets: [{ Arn: 'posture-report.Arn', DeadLetterConfig: { Arn: 'posture-undelivered.Arn' } }],
    });
    expect(named('AWS::Lambda::Function', 'posture-report', made).Environment.Variables.CADENCE).toBe(reports);
  });

  it('refuse another context, and say what is allowed', async () => {
    await expect(synthesized(outdir, { entries, context: { reports: 'daily' } })).rejects.toThrow(
      'The context `reports` is "daily", and has to be one of off, weekly, monthly, quarterly, yearly.',
    );
  });

  it('get the environment that the function reads, and room for their files', () => {
    const { Environment, EphemeralStorage, Timeout } = named('AWS::Lambda::Function', 'posture-report');
    expect(Object.keys(Environment.Variables).toSorted()).toEqual(Object.keys(reportEnvironment.shape).toSorted());
    expect([EphemeralStorage, Timeout]).toEqual([{ Size: 2048 }, 900]);
  });

  it('may read the log, write reports and nothing else, and publish to the topic of notifications', () => {
    const { Policies, ManagedPolicyArns } = named('AWS::IAM::Role', 'posture-function-report');
    expect([Policies.length, ManagedPolicyArns]).toEqual([1, undefined]);
    const { Statement } = Policies[0].PolicyDocument as { readonly Statement: readonly { readonly Effect: string }[] };
    const allow = (Action: string | readonly string[], Resource: string, Condition?: object) => ({
      Effect: 'Allow',
      Action,
      Resource,
      ...(Condition && { Condition }),
    });
    expect(Statement.filter(({ Effect }) => Effect === 'Allow')).toEqual([
      allow('dynamodb:Query', 'posture-log.Arn'),
      allow('dynamodb:Query', 'posture-log.Arn/index/by-rule'),
      allow('s3:ListBucket', `${archive()}.Arn`, { StringLike: { 's3:prefix': ['reports/*'] } }),
      allow(['s3:GetObject', 's3:PutObject'], `${archive()}.Arn/reports/*`),
      allow('sns:Publish', 'posture-notifications.Ref'),
      allow('sqs:SendMessage', 'posture-failed.Arn'),
      allow(['logs:CreateLogStream', 'logs:PutLogEvents'], '/aws/lambda/posture-report.Arn'),
      allow(['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], '*'),
    ]);
    // Its credentials are worth nothing elsewhere.
    expect(Statement.filter(({ Effect }) => Effect === 'Deny')).toMatchObject([{ Sid: 'OnlyFromTheFunction', Resource: '*' }]);
  });

  it('are written by their function alone, and by it nothing else of the archive', () => {
    const policy = plainResources(synthesis).find(
      ({ type, properties }) => type === 'AWS::S3::BucketPolicy' && properties.Bucket === `${archive()}.Ref`,
    );
    const statements = policy?.properties.PolicyDocument.Statement as readonly { readonly Sid?: string }[];
    const role = (name: string) => ({
      ArnNotLike: { 'aws:PrincipalArn': [`arn:{partition}:iam::{account}:role/posture-function-${name}`] },
    });
    const denial = (sid: string) => statements.find(({ Sid }) => Sid === sid);
    expect(denial('OnlyReportWritesReports')).toMatchObject({
      Effect: 'Deny',
      Action: 's3:PutObject',
      Resource: `${archive()}.Arn/reports/*`,
      Condition: role('report'),
    });
    for (const [sid, name] of [
      ['OnlyArchiveWritesLog', 'archive'],
      ['OnlySealWritesSeals', 'seal'],
    ] as const)
      expect(denial(sid)).toMatchObject({ Condition: role(name) });
    expect(denial('WrittenOnce')).toMatchObject({ Resource: `${archive()}.Arn/*`, Condition: { Null: { 's3:if-none-match': 'true' } } });
  });

  it('raise an alarm if the function fails, also by the time limit', () => {
    expect(named('AWS::CloudWatch::Alarm', 'posture-not-reported')).toMatchObject({
      AlarmDescription: 'Runbook: docs/operate.md#a-report-was-not-made',
      Namespace: 'AWS/Lambda',
      MetricName: 'Errors',
      Dimensions: [{ Name: 'FunctionName', Value: 'posture-report.Ref' }],
      Statistic: 'Sum',
      Threshold: 1,
      AlarmActions: ['posture-alarms.Ref'],
    });
  });

  it('can put what was not delivered into the queue for it', () => {
    const allowed = plainResources(synthesis)
      .filter(({ type }) => type === 'AWS::SQS::QueuePolicy')
      .flatMap(({ properties }) => properties.PolicyDocument.Statement)
      .flatMap(({ Condition }) => Condition?.ArnLike?.['aws:SourceArn'] ?? []);
    expect(allowed).toContain('arn:{partition}:events:{region}:{account}:rule/posture-report');
  });

  it('give cdk-nag nothing to find', () => {
    const { violations } = new AwsSolutionsChecks().validateScope(synthesis.app);
    expect(violations.flatMap(({ ruleName, violatingResources = [] }) => violatingResources.map(() => ruleName))).toEqual([]);
  });
});
