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
import { type Aws, type Change, defineRule, type Resource } from '../rule';
import { activities, looksFor } from './account-activity/patterns';
import { alarmReading, describeAlarms } from './alarm/describe';
import { type AlarmTopic, faultOf, readTopic, topicArn, topicReading } from './alarm/topic';

const id = 'cloudwatch-account-activity-alarmed';

const parameters = z.strictObject({ topicArn });

type Metric = { readonly namespace: string; readonly name: string };
/** A metric filter: the controls whose activity it looks for, and the metrics that it counts in. */
type Filter = { readonly name: string; readonly controls: readonly string[]; readonly metrics: readonly Metric[] };
/** An alarm on one of these metrics, or with one of our names; `heard`: it sends to a topic with a subscriber. */
type Alarm = { readonly name: string; readonly metric: Metric; readonly heard: boolean };

type State = {
  readonly trail: LoggedTrail;
  readonly filters: readonly Filter[];
  readonly alarms: readonly Alarm[];
  readonly topic: AlarmTopic;
};

const ownName = (name: string): string => `posture-${name}`;
const ownNames = activities.map(({ name }) => ownName(name));
/** A policy that lets one of our alarms publish is taken to let each. */
const anyName = ownName('activity');
const ownMetric = (name: string): Metric => ({ namespace: 'Posture/AccountActivity', name });

export default defineRule({
  id,
  title: 'What attackers do in an account first raises an alarm',
  why: 'Use of the root user, refused calls, and changes of policies, trails and networks are in the log, and nobody reads it in time.',
  impact:
    'A metric filter and an alarm are made for the control, which CloudWatch bills by the month. Who has subscribed to the topic gets a message for each such activity, your own deployments included.',
  severity: 'low',
  risk: 'safe',
  resource: accountInRegion,
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
    const heard = new Map([[chosen.topicArn, topic]]);
    return { trail, filters, alarms: 'logGroup' in trail ? await readAlarms(filters, heard, resource, aws) : [], topic };
  },

  plan(resource, { trail, filters, alarms, topic }, { detectedBy, parameters: chosen }) {
    const activity = activities.find(({ control }) => control === detectedBy);
    if (!activity) return { unfixable: `${detectedBy} is about no activity that this rule knows.` };
    if (!('logGroup' in trail)) return { unfixable: whyUnlogged(trail.nearest, resource) };
    const looking = filters.filter(({ controls, metrics }) => controls.includes(detectedBy) && metrics.length > 0);
    const counted = looking.flatMap(({ metrics }) => metrics);
    if (alarms.some(({ metric, heard }) => heard && counted.some((one) => isSame(one, metric)))) return [];

    const fault = faultOf(chosen.topicArn, topic, resource);
    if (fault !== undefined) return { unfixable: fault };
    const name = ownName(activity.name);
    const metric = counted[0] ?? ownMetric(activity.name);
    const foreign = (what: string) => ({
      unfixable: `There is ${what} ${name} which is not as this rule makes it, so it is left alone. Rename or delete it, and one can be made.`,
    });
    if (counted.length === 0 && filters.some((filter) => filter.name === name)) return foreign(`a metric filter of ${trail.logGroup}`);
    const own = alarms.find((alarm) => alarm.name === name);
    if (own && !(own.heard && isSame(own.metric, metric))) return foreign('an alarm');
    return [
      ...(counted.length === 0 ? [filterChange(trail.logGroup, name, activity.pattern, metric)] : []),
      ...(own ? [] : [alarmChange(name, activity.control, metric, chosen.topicArn)]),
    ];
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
      AlarmDescription: `Security Hub's control ${control} asks for this alarm.`,
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

/** The metric filters of a log group that look for what a control is about, or have one of our names. */
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
      // A metric with dimensions is many, and an alarm watches one.
      namespace && name && !Object.keys(dimensions ?? {}).length ? [{ namespace, name }] : [],
    ),
  }));
  return all.filter(({ name, controls }) => controls.length > 0 || ownNames.includes(name)).sort(byName);
}

/** The alarms on the metrics of these filters, or with one of our names. */
async function readAlarms(
  filters: readonly Filter[],
  heard: Map<string, AlarmTopic>,
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
    found.push({ name: AlarmName, metric, heard: await isHeard(alarm, heard, place, aws) });
  }
  return found.sort(byName);
}

async function isHeard(
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

function whyUnlogged(trail: string | null, { region, account }: Resource): string {
  if (trail === null)
    return 'No trail of all regions is in this account: make one that sends its events to CloudWatch Logs (CloudTrail.1 and CloudTrail.5).';
  const [, , , home, owner] = trail.split(':');
  return home === region && owner === account
    ? `The trail ${trail} does not send all management events to a log group of this account: fix CloudTrail.1 and CloudTrail.5 first.`
    : `The trail ${trail} has its log in account ${owner} in ${home}: the alarm has to be made there.`;
}
