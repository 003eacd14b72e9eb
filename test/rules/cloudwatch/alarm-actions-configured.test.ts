import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  type MetricAlarm,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
} from '@aws-sdk/client-cloudwatch';
import { CreateTopicCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import rule from '../../../rules/cloudwatch/alarm-actions-configured';
import type { Aws, AwsCommand, Change } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import { planOf } from '../../contract/plan-of';
import type { World } from '../../contract/scenario';

const topicOf = ({ region, account }: Pick<World, 'region' | 'account'>) => `arn:aws:sns:${region}:${account}:alarms`;
const metric: Partial<PutMetricAlarmCommandInput> = {
  AlarmDescription: 'The shop answers slowly',
  Namespace: 'Shop',
  MetricName: 'Latency',
  Dimensions: [{ Name: 'Stage', Value: 'live' }],
  ExtendedStatistic: 'p99',
  Period: 60,
  EvaluationPeriods: 5,
  DatapointsToAlarm: 3,
  Threshold: 1.5,
  ComparisonOperator: 'GreaterThanThreshold',
  TreatMissingData: 'breaching',
  EvaluateLowSampleCountPercentile: 'ignore',
  Unit: 'Seconds',
};
const elsewhere = 'arn:aws:sns:eu-west-1:999988887777:theirs';

describeRule(rule, {
  parameters: (world) => ({ topicArn: topicOf(world) }),
  violations: {
    'an alarm that does nothing': {
      seed: alarm(metric),
      fixed: async (world) =>
        expect(await alarmOf(world)).toMatchObject({ ...metric, AlarmActions: [topicOf(world)], ActionsEnabled: true }),
      async rolledBack(world) {
        const { AlarmActions = [], ...rest } = (await alarmOf(world)) ?? {};
        expect(AlarmActions).toEqual([]);
        expect(rest).toMatchObject(metric);
      },
    },
    'an alarm that tells only when all is well again, and whose actions are off': {
      seed: alarm({ ...metric, OKActions: [elsewhere], ActionsEnabled: false }),
      fixed: async (world) =>
        expect(await alarmOf(world)).toMatchObject({ OKActions: [elsewhere], AlarmActions: [topicOf(world)], ActionsEnabled: false }),
    },
    'an alarm by the expression of several metrics': {
      seed: alarm({
        Metrics: [
          { Id: 'errors', MetricStat: { Metric: { Namespace: 'Shop', MetricName: 'Errors' }, Period: 60, Stat: 'Sum' }, ReturnData: false },
          { Id: 'rate', Expression: 'errors / 60', Label: 'Errors a second', ReturnData: true },
        ],
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanThreshold',
      }),
      fixed: async (world) =>
        expect((await alarmOf(world))?.Metrics).toMatchObject([
          { Id: 'errors', MetricStat: { Metric: { MetricName: 'Errors' }, Stat: 'Sum' }, ReturnData: false },
          { Id: 'rate', Expression: 'errors / 60' },
        ]),
    },
    'an alarm that lacks two of the three actions asked for': {
      seed: alarm({ ...metric, AlarmActions: [elsewhere] }),
      parameters: { insufficientDataActionRequired: true, okActionRequired: true },
      fixed: async (world) =>
        expect(await alarmOf(world)).toMatchObject({
          AlarmActions: [elsewhere],
          OKActions: [topicOf(world)],
          InsufficientDataActions: [topicOf(world)],
        }),
    },
    'an alarm that AWS Config finds, which by itself also asks for an action without data': {
      detectedBy: 'cloudwatch-alarm-action-check',
      seed: alarm({ ...metric, AlarmActions: [elsewhere] }),
      fixed: async (world) =>
        expect(await alarmOf(world)).toMatchObject({ AlarmActions: [elsewhere], InsufficientDataActions: [topicOf(world)] }),
    },
  },
  compliant: {
    'an alarm that AWS Config finds, where it was told not to ask for that': {
      detectedBy: 'cloudwatch-alarm-action-check',
      seed: alarm({ ...metric, AlarmActions: [elsewhere] }),
      parameters: { insufficientDataActionRequired: false },
    },
    'an alarm without an action for when all is well again': {
      detectedBy: 'cloudwatch-alarm-action-check',
      seed: alarm({ ...metric, AlarmActions: [elsewhere], InsufficientDataActions: [elsewhere] }),
    },
    'an alarm with an action for when it goes off': { seed: alarm({ ...metric, AlarmActions: ['arn:aws:automate:eu-west-1:ec2:stop'] }) },
  },
  obstacles: {
    'a topic that is not there': {
      seed: alarm(metric, false),
      outcome: 'unfixable',
      reason: /topic arn:aws:sns:.*:alarms does not exist/,
    },
    'no topic': { seed: alarm(metric), parameters: { topicArn: 'alarms' }, outcome: 'not-configured' },
  },
  missing: 'no-such-alarm',
  unexercised: {
    'kms:DescribeKey': 'The topic has no key here: account-activity-alarmed.test.ts looks at keys.',
    'kms:GetKeyPolicy': 'The topic has no key here: account-activity-alarmed.test.ts looks at keys.',
  },
});

function alarm(input: Partial<PutMetricAlarmCommandInput>, withTopic = true) {
  return async (world: World): Promise<string> => {
    if (withTopic) {
      await world.send(new CreateTopicCommand({ Name: 'alarms' }));
      const Endpoint = `arn:aws:sqs:${world.region}:${world.account}:on-call`;
      await world.send(new SubscribeCommand({ TopicArn: topicOf(world), Protocol: 'sqs', Endpoint }));
    }
    await world.send(new PutMetricAlarmCommand({ AlarmName: 'shop', ...input } as PutMetricAlarmCommandInput));
    return 'shop';
  };
}

async function alarmOf(world: World) {
  return (await world.send(new DescribeAlarmsCommand({ AlarmNames: ['shop'] }))).MetricAlarms?.[0];
}

it('writes all of the alarm again but what AWS alone knows', async () => {
  const place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };
  const resource = { ...place, type: 'AWS::CloudWatch::Alarm', id: 'shop', arn: 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:shop' };
  const now = new Date(0);
  const told = {
    AlarmArn: resource.arn,
    AlarmConfigurationUpdatedTimestamp: now,
    StateValue: 'OK',
    StateReason: 'Threshold crossed',
    StateReasonData: '{}',
    StateUpdatedTimestamp: now,
    StateTransitionedTimestamp: now,
    EvaluationState: 'PARTIAL_DATA',
    OKActions: [],
    AlarmActions: [],
    Unit: undefined,
  };
  const kept = {
    AlarmName: 'shop',
    ThresholdMetricId: 'band',
    Threshold: 0,
    ActionsEnabled: true,
    WarmUpConfiguration: { WarmUpPeriodDurationInMinutes: 5 },
  };
  const aws = { send: async () => ({ MetricAlarms: [{ ...told, ...kept }] }) } as unknown as Aws;
  const topicArn = 'arn:aws:sns:eu-west-1:999988887777:alarms';
  const chosen = { topicArn, insufficientDataActionRequired: false, okActionRequired: false };
  const state = await rule.inspect(resource, aws, chosen);
  expect(state).toEqual({ actions: { AlarmActions: [], InsufficientDataActions: [], OKActions: [] }, topic: 'foreign' });
  const [change] = planOf(rule, resource, state, { parameters: chosen, detectedBy: 'CloudWatch.15', now }) as readonly Change[];
  expect(change?.do.input).toEqual({ AlarmName: 'shop', actions: { AlarmActions: [topicArn] }, before: { AlarmActions: [] } });
  expect(await alarmPut(change?.do as AwsCommand, { ...told, ...kept } as MetricAlarm)).toEqual({ ...kept, AlarmActions: [topicArn] });
  await expect(alarmPut(change?.do as AwsCommand, { ...kept, AlarmActions: ['theirs'] } as MetricAlarm)).rejects.toThrow(
    /have changed since/,
  );
});

/** What PutMetricAlarm is sent with, where CloudWatch has this alarm. */
async function alarmPut(command: AwsCommand, found: MetricAlarm): Promise<object | undefined> {
  const answered = (output: object) => async () => ({ response: {}, output }) as never;
  const read = jest.spyOn(DescribeAlarmsCommand.prototype, 'resolveMiddleware').mockReturnValue(answered({ MetricAlarms: [found] }));
  let put: object | undefined;
  const write = jest.spyOn(PutMetricAlarmCommand.prototype, 'resolveMiddleware').mockImplementation(function (this: { input: object }) {
    put = this.input;
    return answered({});
  });
  const client = new CloudWatchClient({ region: 'eu-west-1' });
  try {
    await command.resolveMiddleware(client.middlewareStack as never, client.config as never)(command as never);
    return put;
  } finally {
    client.destroy();
    read.mockRestore();
    write.mockRestore();
  }
}

it('asks whether the topic takes messages of this very alarm', async () => {
  const place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };
  const resource = { ...place, type: 'AWS::CloudWatch::Alarm', id: 'shop', arn: 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:shop' };
  const topicArn = topicOf(place);
  const topicFor = async (SourceArn: string) => {
    const Condition = { ArnLike: { 'aws:SourceArn': SourceArn } };
    const Statement = {
      Effect: 'Allow',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Action: 'sns:Publish',
      Resource: topicArn,
      Condition,
    };
    const Attributes = { Policy: JSON.stringify({ Statement }), SubscriptionsConfirmed: '1' };
    const aws = { send: async () => ({ MetricAlarms: [{ AlarmName: 'shop' }], Attributes }) } as unknown as Aws;
    return rule.inspect(resource, aws, { topicArn, okActionRequired: false });
  };
  expect(await topicFor('arn:aws:cloudwatch:*:111122223333:alarm:sh*')).toMatchObject({ topic: 'ready' });
  expect(await topicFor('arn:aws:cloudwatch:eu-west-1:111122223333:alarm:other')).toMatchObject({ topic: 'closed' });
});
