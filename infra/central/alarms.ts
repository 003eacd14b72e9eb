import { Aws, Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { names } from '../names';
import type { DeadLetters } from './dead-letters';

const period = Duration.minutes(5);

/** The alarms, and the topic that they notify. Each alarm names its heading in the runbook. */
export function alarms(scope: Construct, { undelivered, failed }: DeadLetters): Topic {
  const topic = new Topic(scope, 'Alarms', { topicName: names.alarms, displayName: 'Posture remediator', enforceSSL: true });
  topic.grantPublish(
    new ServicePrincipal('cloudwatch.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } } }),
  );

  alarm('undelivered', 'Events were not delivered', waiting(undelivered));
  alarm('unhandled', 'Events were not handled', waiting(failed));
  // Each alarm is over all rules, so that its cost does not depend on their number; the line of the metric in the log names the rule.
  alarm('failed', 'Fixes failed', counted('Failed'));
  alarm('incomplete', 'Fixes are incomplete', counted('Incomplete'));
  alarm('stranded', 'Remediations are stranded', counted('StrandedRemediations'));
  alarm('role-reads-only', 'Roles only read', counted('RoleReadsOnly'));
  alarm('invalid-events', 'Events were invalid', counted('InvalidEvents'));
  alarm('breaker-opened', 'A circuit breaker opened', counted('BreakerOpened'));
  alarm('counters-differ', 'Counters differ from the log', counted('CountersDiffer'));
  alarm('refused-requests', 'Requests were refused', counted('RefusedRequests'));
  alarm('policy-unreadable', 'The policy could not be read', counted('PolicyUnreadable'));
  alarm('policy-not-copied', 'The policy was not copied', counted('PolicyNotCopied'));
  alarm('forged-records', 'Records were forged', counted('ForgedRecords'));
  alarm('not-reconciled', 'Findings were not reconciled', counted('NotReconciled'));
  alarm('notification-failed', 'Notifications failed', counted('NotificationFailed'));
  alarm('routes-altered', 'Routes were altered', counted('RoutesAltered', Duration.hours(1)));
  alarm('routes-unchecked', 'Routes were not checked', counted('RoutesChecked', Duration.hours(1)), 3);
  alarm('archive-behind', 'The archive is behind', counted('ArchiveBehind'));
  alarm('records-altered', 'Records were altered', counted('RecordsAltered'));
  return topic;

  function alarm(name: string, heading: string, metric: IMetric, absentFor?: number): void {
    addAlarm(scope, topic, { name, heading, metric, ...(absentFor !== undefined && { absentFor }) });
  }
}

/** An alarm, with its heading in the runbook. */
export interface AlarmProps {
  readonly name: string;
  readonly heading: string;
  readonly metric: IMetric;
  /** The metric counts what has to happen: the alarm follows when it has not for so many periods. */
  readonly absentFor?: number;
}

export function addAlarm(scope: Construct, topic: Topic, { name, heading, metric, absentFor }: AlarmProps): void {
  new Alarm(scope, `Alarm-${name}`, {
    alarmName: `posture-${name}`,
    alarmDescription: `Runbook: docs/operate.md#${heading.toLowerCase().replaceAll(' ', '-')}`,
    metric,
    threshold: 1,
    ...(absentFor === undefined
      ? {
          evaluationPeriods: 1,
          comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
          treatMissingData: TreatMissingData.NOT_BREACHING,
        }
      : {
          evaluationPeriods: absentFor,
          comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
          treatMissingData: TreatMissingData.BREACHING,
        }),
  }).addAlarmAction(new SnsAction(topic));
}

export const waiting = (queue: DeadLetters['failed']): IMetric =>
  queue.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum' });

/** Of the metrics that the functions write into their logs. */
export const counted = (metricName: string, each: Duration = period): IMetric =>
  new Metric({ namespace: 'Posture', metricName, period: each, statistic: 'Sum' });
