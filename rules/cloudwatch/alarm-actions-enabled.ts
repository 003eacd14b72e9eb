import { CloudWatchClient, DisableAlarmActionsCommand, EnableAlarmActionsCommand } from '@aws-sdk/client-cloudwatch';
import { defineRule, notFound } from '../rule';
import { alarmReading, describeAlarm, describeAlarms } from './alarm/describe';
import { alarm, alarms } from './alarm/resource';

export default defineRule({
  id: 'cloudwatch-alarm-actions-enabled',
  title: 'CloudWatch alarms carry out their actions',
  why: 'An alarm whose actions are off goes off, and nobody hears of it.',
  impact:
    'From the next change of its state on, the alarm again does what it was made for: it sends messages, scales, or stops and restarts instances. Who has turned its actions off on purpose, such as for maintenance, should exempt it.',
  severity: 'high',
  risk: 'disruptive',
  resource: alarm,
  property: 'ActionsEnabled',
  detectedBy: { securityHub: ['CloudWatch.17'], config: ['cloudwatch-alarm-action-enabled-check'] },
  permissions: {
    inspect: alarmReading,
    change: { actions: ['cloudwatch:EnableAlarmActions', 'cloudwatch:DisableAlarmActions'], on: alarms },
  },
  clients: [CloudWatchClient],
  commands: [EnableAlarmActionsCommand, DisableAlarmActionsCommand],

  async inspect({ id }, aws) {
    const found = await describeAlarm(id, aws);
    return found ? { enabled: found.ActionsEnabled ?? false } : notFound;
  },

  plan({ id }, { enabled }) {
    const AlarmNames = [id];
    return enabled ? [] : [{ do: new EnableAlarmActionsCommand({ AlarmNames }), undo: new DisableAlarmActionsCommand({ AlarmNames }) }];
  },

  list: async (_, aws) => (await describeAlarms(aws)).flatMap(({ AlarmArn }) => AlarmArn ?? []),
});
