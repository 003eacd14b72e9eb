import { CloudWatchClient, type MetricAlarm, PutMetricAlarmCommand, type PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import { KMSClient } from '@aws-sdk/client-kms';
import { SNSClient } from '@aws-sdk/client-sns';
import * as z from 'zod';
import { defineRule, type Json, notFound } from '../rule';
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

/** The definition of an alarm, as PutMetricAlarm replaces it completely. */
type Definition = { readonly [Field in keyof PutMetricAlarmCommandInput]?: Json | undefined };
type State = { readonly definition: Definition; readonly topic: AlarmTopic };

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
  permissions: { inspect: [alarmReading, ...topicReading], change: { actions: ['cloudwatch:PutMetricAlarm'], on: alarms } },
  clients: [CloudWatchClient, SNSClient, KMSClient],
  commands: [PutMetricAlarmCommand],
  parameters,

  async inspect(resource, aws, chosen: Parameters): Promise<State | typeof notFound> {
    const found = await describeAlarm(resource.id, aws);
    if (!found) return notFound;
    return { definition: definitionOf(found), topic: await readTopic(chosen.topicArn, resource.id, resource, aws) };
  },

  plan(resource, { definition, topic }, { parameters: chosen, detectedBy }) {
    const lacking = actionsOf(detectedBy, chosen).filter((field) => !hasAny(definition[field]));
    if (lacking.length === 0) return [];
    const obstacle = obstacleOf(chosen.topicArn, topic, resource);
    if (obstacle !== undefined) return obstacle;
    const put = (of: Definition) => new PutMetricAlarmCommand(of as PutMetricAlarmCommandInput);
    return [
      {
        do: put({ ...definition, ...Object.fromEntries(lacking.map((field) => [field, [chosen.topicArn]])) }),
        undo: put(definition),
      },
    ];
  },

  list: async (_, aws) => (await describeAlarms(aws)).flatMap(({ AlarmArn }) => AlarmArn ?? []),
});

const actionsOf = (
  detectedBy: string,
  { insufficientDataActionRequired = configRules.includes(detectedBy), okActionRequired }: Parameters,
) => [
  'AlarmActions' as const,
  ...(insufficientDataActionRequired ? (['InsufficientDataActions'] as const) : []),
  ...(okActionRequired ? (['OKActions'] as const) : []),
];

const hasAny = (actions: Json | undefined): boolean => Array.isArray(actions) && actions.length > 0;

/** The members of an alarm that PutMetricAlarm accepts. An empty list is the same as a missing one. */
function definitionOf({
  AlarmArn,
  AlarmConfigurationUpdatedTimestamp,
  StateValue,
  StateReason,
  StateReasonData,
  StateUpdatedTimestamp,
  StateTransitionedTimestamp,
  EvaluationState,
  ...definition
}: MetricAlarm): Definition {
  const given = Object.entries(definition).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0));
  return Object.fromEntries(given) as Definition;
}
