import { CloudWatchClient, DisableAlarmActionsCommand, EnableAlarmActionsCommand } from '@aws-sdk/client-cloudwatch';
import { defineRule, notFound } from '../rule';
import { alarmReading, describeAlarm, describeAlarms } from './alarm/describe';
import { alarm, alarms } from './alarm/resource';

export default defineRule({
  id: 'cloudwatch-alarm-actions-enabled',
  title: 'CloudWatch alarms have their actions enabled',
  why: 'An alarm with disabled actions changes state, but notifies nobody.',
  impact:
    'From its next state change, the alarm performs its actions again: it sends notifications, scales, or stops and restarts instances. If its actions are disabled on purpose, such as for maintenance, exempt it.',
  severity: 'high',
  risk: 'disruptive',
  resource: alarm,
  independentUndo: true,
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

  targets({ id }) {
    const target = { 'AlarmNames[]': id };
    return { EnableAlarmActions: target, DisableAlarmActions: target };
  },

  list: async (_, aws) => (await describeAlarms(aws)).flatMap(({ AlarmArn }) => AlarmArn ?? []),
});
