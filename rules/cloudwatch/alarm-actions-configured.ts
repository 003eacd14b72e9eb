import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { KMSClient } from '@aws-sdk/client-kms';
import { SNSClient } from '@aws-sdk/client-sns';
import * as z from 'zod';
import { required } from '../detector-parameters';
import { defineRule, notFound } from '../rule';
import { type Actions, actionsOf, type Field, SetAlarmActionsCommand } from './alarm/actions';
import { alarmReading, describeAlarm, describeAlarms } from './alarm/describe';
import { alarm, alarms } from './alarm/resource';
import { type AlarmTopic, obstacleOf, readTopic, topicArn, topicReading } from './alarm/topic';

const parameters = z.strictObject({
  topicArn,
  insufficientDataActionRequired: z
    .boolean()
    .optional()
    .describe(
      'Whether an alarm also needs an action for the INSUFFICIENT_DATA state. Default: as each source requires it, which is true for findings of AWS Config and false for those of Security Hub.',
    ),
  okActionRequired: z.boolean().default(false).describe('Whether an alarm also needs an action for the OK state.'),
});
type Parameters = z.infer<typeof parameters>;

const configRules: readonly string[] = ['cloudwatch-alarm-action-check'];

type State = { readonly actions: Actions; readonly topic: AlarmTopic };

const alarmActionRequired = { unmappable: 'The rule requires an action for the ALARM state.', except: ['true'] };
const certainAction = { unmappable: 'The rule adds the topic of the policy, and no other action.' };

export default defineRule({
  id: 'cloudwatch-alarm-actions-configured',
  title: 'CloudWatch alarms have an action for the ALARM state',
  why: 'Only a user who looks at the console notices an alarm without an action.',
  impact:
    'Subscribers of the topic are notified whenever the alarm enters the ALARM state. Exempt an alarm that exists only for a composite alarm.',
  severity: 'high',
  risk: 'safe',
  resource: alarm,
  property: 'AlarmActions',
  detectedBy: { securityHub: ['CloudWatch.15'], config: configRules },
  detectorParameters: {
    'CloudWatch.15': {
      alarmActionRequired,
      insufficientDataActionRequired: required('insufficientDataActionRequired', { usual: false }),
      okActionRequired: required('okActionRequired'),
    },
    'cloudwatch-alarm-action-check': {
      alarmActionRequired,
      insufficientDataActionRequired: required('insufficientDataActionRequired', { usual: true, absent: 'true' }),
      okActionRequired: required('okActionRequired', { absent: 'false' }),
      action1: certainAction,
      action2: certainAction,
      action3: certainAction,
      action4: certainAction,
      action5: certainAction,
    },
  },
  permissions: { inspect: [alarmReading, ...topicReading], change: { actions: ['cloudwatch:PutMetricAlarm'], on: alarms } },
  clients: [CloudWatchClient, SNSClient, KMSClient],
  commands: [SetAlarmActionsCommand],
  parameters,

  async inspect(resource, aws, chosen: Parameters): Promise<State | typeof notFound> {
    const found = await describeAlarm(resource.id, aws);
    if (!found) return notFound;
    return { actions: actionsOf(found), topic: await readTopic(chosen.topicArn, resource.id, resource, aws) };
  },

  plan(resource, { actions, topic }, { parameters: chosen, detectedBy }) {
    const lacking = requiredBy(detectedBy, chosen).filter((field) => actions[field].length === 0);
    if (lacking.length === 0) return [];
    const obstacle = obstacleOf(chosen.topicArn, topic, resource);
    if (obstacle !== undefined) return obstacle;
    const none = Object.fromEntries(lacking.map((field) => [field, []]));
    const own = Object.fromEntries(lacking.map((field) => [field, [chosen.topicArn]]));
    const set = (to: Partial<Actions>, before: Partial<Actions>) =>
      new SetAlarmActionsCommand({ AlarmName: resource.id, actions: to, before });
    return [{ do: set(own, none), undo: set(none, own) }];
  },

  list: async (_, aws) => (await describeAlarms(aws)).flatMap(({ AlarmArn }) => AlarmArn ?? []),
});

const requiredBy = (
  detectedBy: string,
  { insufficientDataActionRequired = configRules.includes(detectedBy), okActionRequired }: Parameters,
): readonly Field[] => [
  'AlarmActions',
  ...(insufficientDataActionRequired ? (['InsufficientDataActions'] as const) : []),
  ...(okActionRequired ? (['OKActions'] as const) : []),
];
