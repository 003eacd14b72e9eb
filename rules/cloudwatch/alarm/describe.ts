import { DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { collect } from '../../pages';
import type { Aws, Grant } from '../../rule';
import { alarms } from './resource';

export const alarmReading: Grant = { actions: ['cloudwatch:DescribeAlarms'], on: alarms };

/** The metric alarm with this name. AWS Config covers no other alarm type. */
export async function describeAlarm(name: string, aws: Aws): Promise<MetricAlarm | undefined> {
  const { MetricAlarms = [] } = await aws.send(new DescribeAlarmsCommand({ AlarmNames: [name], AlarmTypes: ['MetricAlarm'] }));
  return MetricAlarms[0];
}

/** All metric alarms of an account and region. */
export const describeAlarms = (aws: Aws): Promise<MetricAlarm[]> =>
  collect(
    (NextToken) => aws.send(new DescribeAlarmsCommand({ AlarmTypes: ['MetricAlarm'], MaxRecords: 100, NextToken })),
    ({ MetricAlarms }) => MetricAlarms,
    ({ NextToken }) => NextToken,
  );
