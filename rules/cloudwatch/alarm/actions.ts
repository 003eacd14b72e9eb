import { type MetricAlarm, PutMetricAlarmCommand, type PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import { amend } from '../../amendment';
import { sameJson } from '../../json';
import { describeAlarm } from './describe';

export type Field = 'AlarmActions' | 'InsufficientDataActions' | 'OKActions';

/** The ARNs of the actions of an alarm, by the state that they are for. */
export type Actions = Readonly<Record<Field, readonly string[]>>;

export const actionsOf = ({ AlarmActions = [], InsufficientDataActions = [], OKActions = [] }: MetricAlarm): Actions => ({
  AlarmActions,
  InsufficientDataActions,
  OKActions,
});

interface Change {
  readonly AlarmName: string;
  readonly actions: Partial<Actions>;
  /** The actions that the inspection saw for these states. */
  readonly before: Partial<Actions>;
}

/** Changes actions of an alarm, and nothing else: its description, which may say anything, is read and written back to CloudWatch. */
export const SetAlarmActionsCommand = amend<Change>(PutMetricAlarmCommand, async ({ AlarmName, actions, before }, aws) => {
  const found = await describeAlarm(AlarmName, aws);
  if (!found) throw new Error(`The alarm ${AlarmName} does not exist. This change was not made.`);
  const now = actionsOf(found);
  if (!Object.entries(before).every(([field, seen]) => sameJson(now[field as Field], seen)))
    throw new Error(`The actions of the alarm ${AlarmName} have changed since the inspection. This change was not made.`);
  return new PutMetricAlarmCommand({ ...definitionOf(found), ...actions } as PutMetricAlarmCommandInput);
});

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
}: MetricAlarm): object {
  const given = Object.entries(definition).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0));
  return Object.fromEntries(given);
}
