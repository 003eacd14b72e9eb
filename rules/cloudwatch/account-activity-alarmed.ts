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
import { activities, looksFor } from './account-activity/patterns';
import { alarmReading, describeAlarms } from './alarm/describe';
import { type AlarmTopic, obstacleOf, readTopic, topicArn, topicReading } from './alarm/topic';

const id = 'cloudwatch-account-activity-alarmed';

const parameters = z.strictObject({ topicArn });

type Metric = { readonly namespace: string; readonly name: string };
/** A metric filter: the controls whose activity it matches, and its metrics. */
type Filter = { readonly name: string; readonly controls: readonly string[]; readonly metrics: readonly Metric[] };
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
    const filters = 'logGroup' in trail ? await readFilters(trail.logGroup, aws) : [];
    const topic = await readTopic(chosen.topicArn, anyName, resource, aws);
    const topics = new Map([[chosen.topicArn, topic]]);
    return { trail, filters, alarms: 'logGroup' in trail ? await readAlarms(filters, topics, resource, aws) : [], topic };
  },

  plan(resource, { trail, filters, alarms, topic }, { detectedBy, parameters: chosen }) {
    const activity = activities.find(({ control }) => control === detectedBy);
    if (!activity) return { unfixable: `${detectedBy} is not a control for an activity of this rule.`, code: 'control-unknown' };
    if (!('logGroup' in trail)) return whyUnlogged(trail.nearest, resource);
    const looking = filters.filter(({ controls, metrics }) => controls.includes(detectedBy) && metrics.length > 0);
    const counted = looking.flatMap(({ metrics }) => metrics);
    if (alarms.some(({ metric, notifies }) => notifies && counted.some((one) => isSame(one, metric)))) return [];

    const obstacle = obstacleOf(chosen.topicArn, topic, resource);
    if (obstacle !== undefined) return obstacle;
    const name = ownName(activity.name);
    const metric = counted[0] ?? ownMetric(activity.name);
    const foreign = (what: string) => ({
      unfixable: `${what} named ${name} exists with a different configuration. Rename or delete it.`,
      code: 'name-taken',
    });
    if (counted.length === 0 && filters.some((filter) => filter.name === name))
      return foreign(`In the log group ${trail.logGroup}, a metric filter`);
    const own = alarms.find((alarm) => alarm.name === name);
    if (own && !(own.notifies && isSame(own.metric, metric))) return foreign('An alarm');
    return [
      ...(counted.length === 0 ? [filterChange(trail.logGroup, name, activity.pattern, metric)] : []),
      ...(own ? [] : [alarmChange(name, activity.control, metric, chosen.topicArn)]),
    ];
  },

  targets(_, { now: { trail } }) {
    const filter = { logGroupName: 'logGroup' in trail ? trail.logGroup : [], filterName: ownNames };
    return {
      PutMetricFilter: filter,
      DeleteMetricFilter: filter,
      PutMetricAlarm: { AlarmName: ownNames },
      DeleteAlarms: { 'AlarmNames[]': ownNames },
    };
  },

  revertOwnPart(_, now, { before, after }) {
    const isNew = (of: 'alarms' | 'filters') => (one: { readonly name: string }) =>
      ownNames.includes(one.name) && [after, now].every((state) => has(state, of, one.name)) && !has(before, of, one.name);
    const alarms = after.alarms.filter(isNew('alarms')).map(({ name }) => name);
    const { trail } = after;
    const filters = 'logGroup' in trail ? after.filters.filter(isNew('filters')) : [];
    return [
      ...(alarms.length > 0 ? [new DeleteAlarmsCommand({ AlarmNames: alarms })] : []),
      ...filters.map(
        ({ name }) => new DeleteMetricFilterCommand({ logGroupName: 'logGroup' in trail ? trail.logGroup : '', filterName: name }),
      ),
    ];
  },

  list: async ({ account }) => [account],
});

const has = (state: State, of: 'alarms' | 'filters', name: string): boolean => state[of].some((one) => one.name === name);

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
