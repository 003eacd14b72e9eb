import { jsonAnswer } from './error';
import type { LocalOperations, Place } from './local';
import type { Operation } from './operation';
import type { Answer } from './upstream';

/** The part of CloudWatch that moto lacks: turning the actions of alarms on and off. */
export const emulateAlarmActions = () => {
  const switched = new Map<string, boolean>();
  const keyOf = (name: unknown, { account, region }: Pick<Place, 'account' | 'region'>) => `${account} ${region} ${String(name)}`;
  const switching =
    (on: boolean) =>
    ({ input }: Operation, place: Place): Answer => {
      for (const name of input.AlarmNames as readonly string[]) switched.set(keyOf(name, place), on);
      return jsonAnswer({});
    };
  const operations: LocalOperations = {
    'monitoring:EnableAlarmActions': switching(true),
    'monitoring:DisableAlarmActions': switching(false),
  };
  return {
    operations,
    /** Moto's answer, with the actions as they were switched last. */
    switchedOn({ service, name, input }: Operation, place: Place, answer: Answer): Answer {
      if (service !== 'monitoring' || answer.status !== 200) return answer;
      if (name === 'PutMetricAlarm') switched.delete(keyOf(input.AlarmName, place));
      if (name !== 'DescribeAlarms') return answer;
      const said = JSON.parse(answer.body.toString()) as { MetricAlarms?: readonly { AlarmName: string; ActionsEnabled: boolean }[] };
      const MetricAlarms = said.MetricAlarms?.map((alarm) => ({
        ...alarm,
        ActionsEnabled: switched.get(keyOf(alarm.AlarmName, place)) ?? alarm.ActionsEnabled,
      }));
      return { ...answer, body: Buffer.from(JSON.stringify({ ...said, MetricAlarms })) };
    },
  };
};
