import { DescribeAlarmsCommand, DisableAlarmActionsCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import rule from '../../../rules/cloudwatch/alarm-actions-enabled';
import type { Aws, AwsCommand } from '../../../rules/rule';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';

describeRule(rule, {
  violations: {
    'an alarm whose actions were turned off': {
      seed: alarm('CPU > 90 % (db/1): high', true, async (world, name) => {
        await world.send(new DisableAlarmActionsCommand({ AlarmNames: [name] }));
      }),
      fixed: async (world) => expect(await enabledOf(world)).toEqual({ 'CPU > 90 % (db/1): high': true, beside: false }),
      rolledBack: async (world) => expect(await enabledOf(world)).toEqual({ 'CPU > 90 % (db/1): high': false, beside: false }),
    },
    'an alarm that was made without its actions': { seed: alarm('bare', false) },
  },
  compliant: { 'an alarm with its actions': { seed: alarm('plain', true) } },
  missing: 'no-such-alarm',
});

function alarm(AlarmName: string, ActionsEnabled: boolean, more: (world: World, name: string) => Promise<void> = async () => {}) {
  return async (world: World): Promise<string> => {
    const one = {
      Namespace: 'AWS/EC2',
      MetricName: 'CPUUtilization',
      Statistic: 'Average' as const,
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 90,
    };
    const put = { ...one, ComparisonOperator: 'GreaterThanThreshold' as const };
    await world.send(new PutMetricAlarmCommand({ ...put, AlarmName, ActionsEnabled }));
    await world.send(new PutMetricAlarmCommand({ ...put, AlarmName: 'beside', ActionsEnabled: false }));
    await more(world, AlarmName);
    return AlarmName;
  };
}

async function enabledOf(world: World) {
  const { MetricAlarms = [] } = await world.send(new DescribeAlarmsCommand({}));
  return Object.fromEntries(MetricAlarms.map(({ AlarmName, ActionsEnabled }) => [AlarmName, ActionsEnabled]));
}

it('lists the alarms of all pages', async () => {
  const aws: Aws = {
    async send<Output>({ input }: AwsCommand<Output>) {
      const { NextToken } = input as { NextToken?: string };
      const page = NextToken ? { MetricAlarms: [{ AlarmArn: 'b' }] } : { MetricAlarms: [{ AlarmArn: 'a' }], NextToken: '2' };
      return page as Output;
    },
  };
  expect(await rule.list?.({ partition: 'aws', account: '111122223333', region: 'eu-west-1' }, aws)).toEqual(['a', 'b']);
});
