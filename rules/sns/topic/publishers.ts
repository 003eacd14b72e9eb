import { type CompositeAlarm, DescribeAlarmsCommand, type DescribeAlarmsCommandOutput, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { DescribeEventSubscriptionsCommand } from '@aws-sdk/client-rds';
import { callerKeys, fixesCaller } from '../../caller';
import { isAboutEverybody } from '../../everybody';
import { isObject, type JsonObject, sameJson } from '../../json';
import { collect } from '../../pages';
import { stringsIn } from '../../policy';
import type { Aws, Grant, Json } from '../../rule';
import { matchesWildcard } from '../../wildcard';

/** The permissions that `unnamedPublisher` needs. AWS shows composite alarms only to a caller that may describe all alarms. */
export const publisherReading: readonly Grant[] = [
  { actions: ['cloudwatch:DescribeAlarms'], on: '*' },
  { actions: ['rds:DescribeEventSubscriptions'], on: 'arn:{partition}:rds:{region}:{account}:es:*' },
];

/** The AWS services that a topic policy allows to publish, by name, or by a statement for everyone whose condition a service can meet. */
export const servicesIn = (statements: readonly JsonObject[], account: string): readonly string[] =>
  [...new Set(statements.filter(({ Effect }) => Effect === 'Allow').flatMap((one) => servicesOf(one, account)))].sort();

function servicesOf(statement: JsonObject, account: string): readonly string[] {
  const { Sid, Principal, Condition } = statement;
  const named = isObject(Principal) && Principal.Service !== undefined ? (stringsIn(Principal.Service) ?? []) : [];
  const unnamed =
    isAboutEverybody(statement) && mayPublish(statement) && !fixesCaller(Condition, principalKeys) && !isDefault(Condition, account);
  return unnamed ? [...named, `everyone (${JSON.stringify(Sid ?? Condition ?? 'without a condition').slice(0, 200)})`] : named;
}

/** A service that publishes for a resource has no value for these keys. */
const principalKeys = Object.fromEntries(
  Object.entries(callerKeys).filter(([key]) => key.startsWith('aws:principal') || key.startsWith('aws:sourcevpc')),
);

/** The condition of the policy that SNS gives each new topic. It tells nothing about who publishes. */
const isDefault = (condition: Json | undefined, account: string): boolean =>
  isObject(condition) &&
  sameJson(Object.keys(condition), ['StringEquals']) &&
  isObject(condition['StringEquals']) &&
  Object.entries(condition['StringEquals']).every(([key, value]) => key.toLowerCase() === 'aws:sourceowner' && value === account);

function mayPublish({ Action, NotAction }: JsonObject): boolean {
  const covers = (element: Json) => (stringsIn(element) ?? ['*']).some((pattern) => matchesWildcard('sns:publish', pattern.toLowerCase()));
  return NotAction === undefined ? covers(Action ?? []) : !covers(NotAction);
}

/** What publishes to the topic for a service that the topic policy need not name: a CloudWatch alarm, or an event subscription of Amazon RDS. */
export async function unnamedPublisher(topicArn: string, aws: Aws): Promise<string | undefined> {
  const alarm = await alarmFor(topicArn, aws);
  if (alarm !== undefined) return `The alarm ${alarm} publishes to the topic, and CloudWatch`;
  const subscription = await subscriptionFor(topicArn, aws);
  return subscription === undefined ? undefined : `The event subscription ${subscription} publishes to the topic, and Amazon RDS`;
}

/** The first alarm, by name, that publishes to a topic. */
async function alarmFor(topicArn: string, aws: Aws): Promise<string | undefined> {
  const found = await collect<DescribeAlarmsCommandOutput, MetricAlarm | CompositeAlarm>(
    (NextToken) =>
      aws.send(
        new DescribeAlarmsCommand({ ActionPrefix: topicArn, AlarmTypes: ['MetricAlarm', 'CompositeAlarm'], MaxRecords: 100, NextToken }),
      ),
    ({ MetricAlarms = [], CompositeAlarms = [] }) => [...MetricAlarms, ...CompositeAlarms],
    ({ NextToken }) => NextToken,
  );
  const names = found.filter((alarm) => actionsOf(alarm).includes(topicArn)).flatMap(({ AlarmName }) => AlarmName ?? []);
  return names.sort()[0];
}

const actionsOf = ({
  AlarmActions = [],
  OKActions = [],
  InsufficientDataActions = [],
}: MetricAlarm | CompositeAlarm): readonly string[] => [...AlarmActions, ...OKActions, ...InsufficientDataActions];

/** The first event subscription, by name, that publishes to a topic; also of Amazon DocumentDB and Neptune. */
async function subscriptionFor(topicArn: string, aws: Aws): Promise<string | undefined> {
  const found = await collect(
    (Marker) => aws.send(new DescribeEventSubscriptionsCommand({ Marker })),
    ({ EventSubscriptionsList }) => EventSubscriptionsList,
    ({ Marker }) => Marker,
  );
  const names = found.filter(({ SnsTopicArn }) => SnsTopicArn === topicArn).flatMap(({ CustSubscriptionId }) => CustSubscriptionId ?? []);
  return names.sort()[0];
}
