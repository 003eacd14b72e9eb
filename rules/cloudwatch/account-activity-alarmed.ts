import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchClient, DeleteAlarmsCommand, type MetricAlarm, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  DeleteMetricFilterCommand,
  DescribeMetricFiltersCommand,
  type MetricFilter,
  PutMetricFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { KMSClient } from '@aws-sdk/client-kms';
import { SNSClient } from '@aws-sdk/client-sns';
import * as z from 'zod';
import { accountInRegion } from '../account';
import { type LoggedTrail, readLoggedTrail, trailReading } from '../cloudtrail/trail/logged-trail';
import { collect } from '../pages';
import { type Aws, type Change, defineRule, type Obstacle, type Resource } from '../rule';
import { type CountingPlace, type Filter, type Metric, placeOf } from './account-activity/counting-place';
import { activities, looksFor } from './account-activity/patterns';
import { alarmReading, describeAlarms } from './alarm/describe';
import { type AlarmTopic, obstacleOf, readTopic, topicArn, topicReading } from './alarm/topic';

const id = 'cloudwatch-account-activity-alarmed';

const parameters = z.strictObject({
  topicArn,
  logGroup: z
    .string()
    .regex(/^[\w./#-]{1,512}$/)
    .optional()
    .describe(
      'The log group for new metric filters, where several receive all management events. Default: the one that has metric filters of these controls.',
    ),
});

/** An alarm on one of these metrics, or with a name of this rule. `notifies`: it notifies a topic with a confirmed subscription. */
type Alarm = { readonly name: string; readonly metric: Metric; readonly notifies: boolean };

type State = {
  readonly trail: LoggedTrail;
  readonly filters: readonly Filter[];
  readonly alarms: readonly Alarm[];
  readonly topic: AlarmTopic;
};

const ownName = (name: string): string => `posture-${name}`;
const ownNames = activities.map(({ name }) => ownName(name));
/** If a policy allows one of these alarms to publish, all are assumed to be allowed. */
const anyName = ownName('activity');
const ownMetric = (name: string): Metric => ({ namespace: 'Posture/AccountActivity', name });

export default defineRule({
  id,
  title: 'Security-relevant account activity raises a CloudWatch alarm',
  why: 'CloudTrail records root user activity, denied calls, and changes to policies, trails and networks, but nobody reads the log in time.',
  impact:
    'A metric filter and an alarm are created for the control, which CloudWatch charges by the month. Subscribers of the topic are notified of each such activity, including your own deployments.',
  severity: 'low',
  risk: 'safe',
  resource: accountInRegion,
  marksOwnPart: true,
  detectedBy: { securityHub: activities.map(({ control }) => control), config: [] },
  permissions: {
    inspect: [
      ...trailReading,
      { actions: ['logs:DescribeMetricFilters'], on: 'arn:{partition}:logs:{region}:{account}:log-group:*' },
      alarmReading,
      ...topicReading,
    ],
    change: [
      { actions: ['logs:PutMetricFilter', 'logs:DeleteMetricFilter'], on: 'arn:{partition}:logs:{region}:{account}:log-group:*' },
      {
        actions: ['cloudwatch:PutMetricAlarm', 'cloudwatch:DeleteAlarms', 'cloudwatch:TagResource'],
        on: ownNames.map((name) => `arn:{partition}:cloudwatch:{region}:{account}:alarm:${name}`),
      },
    ],
  },
  clients: [CloudTrailClient, CloudWatchLogsClient, CloudWatchClient, SNSClient, KMSClient],
  commands: [PutMetricFilterCommand, DeleteMetricFilterCommand, PutMetricAlarmCommand, DeleteAlarmsCommand],
  parameters,

  async inspect(resource, aws, chosen: z.infer<typeof parameters>): Promise<State> {
    const trail = await readLoggedTrail(resource, aws);
    const filters: Filter[] = [];
    for (const logGroup of logGroupsOf(trail)) filters.push(...(await readFilters(logGroup, aws)));
    const topic = await readTopic(chosen.topicArn, anyName, resource, aws);
    const topics = new Map([[chosen.topicArn, topic]]);
    return { trail, filters, alarms: 'logGroups' in trail ? await readAlarms(filters, topics, resource, aws) : [], topic };
  },

  plan(resource, { trail, filters, alarms, topic }, { detectedBy, parameters: chosen }) {
    const activity = activities.find(({ control }) => control === detectedBy);
    if (!activity) return { unfixable: `${detectedBy} is not a control for an activity of this rule.`, code: 'control-unknown' };
    if (!('logGroups' in trail)) return whyUnlogged(trail.nearest, resource);
    const counted = filters.flatMap(({ controls, metrics }) => (controls.includes(detectedBy) ? metrics : []));
    if (alarms.some(({ metric, notifies }) => notifies && counted.some((one) => isSame(one, metric)))) return [];

    const obstacle = obstacleOf(chosen.topicArn, topic, resource);
    if (obstacle !== undefined) return obstacle;
    const place = placeOf(trail.logGroups, filters, detectedBy, chosen.logGroup);
    return 'logGroup' in place ? alarmed(activity, place, { filters, alarms }, chosen.topicArn) : place;
  },

  targets(_, { now: { trail } }) {
    const filter = { logGroupName: logGroupsOf(trail), filterName: ownNames };
    return {
      PutMetricFilter: filter,
      DeleteMetricFilter: filter,
      PutMetricAlarm: { AlarmName: ownNames },
      DeleteAlarms: { 'AlarmNames[]': ownNames },
    };
  },

  revertOwnPart(_, now, { before, after }) {
    const isNew = <One extends Alarm | Filter>(of: (state: State) => readonly One[]) => {
      const has = (state: State, one: One) => of(state).some((other) => isSamePart(other, one));
      return of(after).filter((one) => ownNames.includes(one.name) && has(now, one) && !has(before, one));
    };
    const alarms = isNew((state) => state.alarms).map(({ name }) => name);
    return [
      ...(alarms.length > 0 ? [new DeleteAlarmsCommand({ AlarmNames: alarms })] : []),
      ...isNew((state) => state.filters).map(
        ({ logGroup, name }) => new DeleteMetricFilterCommand({ logGroupName: logGroup, filterName: name }),
      ),
    ];
  },

  list: async ({ account }) => [account],
});

const logGroupsOf = (trail: LoggedTrail): readonly string[] => ('logGroups' in trail ? trail.logGroups : []);

/** Whether they have the same name, and are in the same log group if they are metric filters. */
const isSamePart = (one: Alarm | Filter, other: Alarm | Filter): boolean =>
  one.name === other.name && ('logGroup' in one ? one.logGroup : '') === ('logGroup' in other ? other.logGroup : '');

const distinct = (metrics: readonly Metric[]): readonly Metric[] =>
  metrics.filter((metric, index) => metrics.findIndex((one) => isSame(one, metric)) === index);

/** The metric filter, unless the log group has one, and the alarm for an activity. */
function alarmed(
  { control, name: activity, pattern }: (typeof activities)[number],
  { logGroup, note }: CountingPlace,
  { filters, alarms }: Pick<State, 'filters' | 'alarms'>,
  topic: string,
): readonly Change[] | Obstacle {
  const name = ownName(activity);
  const own = ownMetric(activity);
  const there = filters.filter((filter) => filter.logGroup === logGroup);
  const counted = distinct(there.flatMap(({ controls, metrics }) => (controls.includes(control) ? metrics : [])));
  // Of several metrics, none is better than the others: then the rule counts by a filter of its own.
  const metric = counted.find((one) => isSame(one, own)) ?? (counted.length === 1 ? counted[0] : undefined);
  const foreign = (what: string) => ({
    unfixable: `${what} named ${name} exists with a different configuration. Rename or delete it.`,
    code: 'name-taken',
  });
  if (!metric && there.some((filter) => filter.name === name)) return foreign(`In the log group ${logGroup}, a metric filter`);
  const expected = metric ?? own;
  const alarm = alarms.find((one) => one.name === name);
  if (alarm && !(alarm.notifies && isSame(alarm.metric, expected))) return foreign('An alarm');
  const changes = [
    ...(metric ? [] : [filterChange(logGroup, name, pattern, expected)]),
    ...(alarm ? [] : [alarmChange(name, control, expected, topic)]),
  ];
  return changes.map((change, index) => (index === 0 && note !== undefined ? { ...change, note } : change));
}

function filterChange(logGroupName: string, filterName: string, filterPattern: string, metric: Metric): Change {
  const metricTransformations = [{ metricNamespace: metric.namespace, metricName: metric.name, metricValue: '1' }];
  return {
    do: new PutMetricFilterCommand({ logGroupName, filterName, filterPattern, metricTransformations }),
    undo: new DeleteMetricFilterCommand({ logGroupName, filterName }),
  };
}

function alarmChange(AlarmName: string, control: string, metric: Metric, topic: string): Change {
  return {
    do: new PutMetricAlarmCommand({
      AlarmName,
      AlarmDescription: `Required by the Security Hub control ${control}.`,
      Namespace: metric.namespace,
      MetricName: metric.name,
      Statistic: 'Sum',
      Period: 300,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
      AlarmActions: [topic],
      Tags: [{ Key: 'posture:rule', Value: id }],
    }),
    undo: new DeleteAlarmsCommand({ AlarmNames: [AlarmName] }),
  };
}

/** The metric filters of a log group that match an activity, or have a name of this rule. */
async function readFilters(logGroupName: string, aws: Aws): Promise<readonly Filter[]> {
  const found = await collect(
    (nextToken) => aws.send(new DescribeMetricFiltersCommand({ logGroupName, nextToken })),
    ({ metricFilters }) => metricFilters,
    ({ nextToken }) => nextToken,
  );
  const all = found.map(({ filterName = '', filterPattern = '', metricTransformations = [] }: MetricFilter) => ({
    logGroup: logGroupName,
    name: filterName,
    controls: activities.filter((activity) => looksFor(filterPattern, activity)).map(({ control }) => control),
    metrics: metricTransformations.flatMap(({ metricNamespace: namespace, metricName: name, dimensions }) =>
      // A filter with dimensions creates many metrics, and an alarm watches only one.
      namespace && name && !Object.keys(dimensions ?? {}).length ? [{ namespace, name }] : [],
    ),
  }));
  return all.filter(({ name, controls }) => controls.length > 0 || ownNames.includes(name)).sort(byName);
}

/** The alarms on the metrics of these filters, or with a name of this rule. */
async function readAlarms(
  filters: readonly Filter[],
  topics: Map<string, AlarmTopic>,
  place: Resource,
  aws: Aws,
): Promise<readonly Alarm[]> {
  const all = await describeAlarms(aws);
  const metrics = filters.flatMap((filter) => filter.metrics);
  const found: Alarm[] = [];
  for (const alarm of all) {
    const metric = { namespace: alarm.Namespace ?? '', name: alarm.MetricName ?? '' };
    const { AlarmName = '' } = alarm;
    if (!ownNames.includes(AlarmName) && !metrics.some((one) => isSame(one, metric))) continue;
    found.push({ name: AlarmName, metric, notifies: await notifiesSubscribers(alarm, topics, place, aws) });
  }
  return found.sort(byName);
}

async function notifiesSubscribers(
  { ActionsEnabled, AlarmActions = [] }: MetricAlarm,
  known: Map<string, AlarmTopic>,
  place: Resource,
  aws: Aws,
): Promise<boolean> {
  if (!ActionsEnabled) return false;
  for (const arn of AlarmActions.filter((action) => action.split(':')[2] === 'sns')) {
    const topic = known.get(arn) ?? (await readTopic(arn, anyName, place, aws));
    known.set(arn, topic);
    if (topic === 'ready' || topic === 'foreign') return true;
  }
  return false;
}

const byName = (a: { readonly name: string }, b: { readonly name: string }): number => (a.name < b.name ? -1 : 1);
const isSame = (a: Metric, b: Metric): boolean => a.namespace === b.namespace && a.name === b.name;

function whyUnlogged(trail: string | null, { region, account }: Resource): Obstacle {
  if (trail === null)
    return {
      unfixable:
        'The account has no multi-Region trail. Create one that sends its events to CloudWatch Logs (CloudTrail.1 and CloudTrail.5).',
      code: 'trail-not-found',
    };
  const [, , , home, owner] = trail.split(':');
  return home === region && owner === account
    ? {
        unfixable: `The trail ${trail} does not send all management events to a log group of this account. Fix CloudTrail.1 and CloudTrail.5 first.`,
        code: 'trail-not-logged',
      }
    : { unfixable: `The trail ${trail} belongs to account ${owner} in ${home}. Create the alarm there.`, code: 'trail-elsewhere' };
}
