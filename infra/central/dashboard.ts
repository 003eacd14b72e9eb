import { CfnCondition, CfnParameter, Duration, Fn, type Stack } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmStatusWidget,
  type CfnDashboard,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  Metric,
  SingleValueWidget,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { names } from '../names';
import type { DeadLetters } from './dead-letters';

const width = 24;
const period = Duration.hours(1);

/**
 * The dashboard, if the parameter asks for it: the alarms that are made before it, and the metrics that the functions write anyway. The first
 * three dashboards of an account are free.
 */
export function dashboard(stack: Stack, { undelivered, failed }: DeadLetters): void {
  const parameter = new CfnParameter(stack, 'Dashboard', {
    default: 'off',
    allowedValues: ['off', 'on'],
    description: 'on: a CloudWatch dashboard, for $3 a month if the account has more than three.',
  });
  const made = new Dashboard(stack, 'Overview', { dashboardName: names.dashboard, defaultInterval: Duration.days(7) });
  (made.node.defaultChild as CfnDashboard).cfnOptions.condition = new CfnCondition(stack, 'HasDashboard', {
    expression: Fn.conditionEquals(parameter.valueAsString, 'on'),
  });
  const alarms = stack.node.findAll().filter((construct): construct is Alarm => construct instanceof Alarm);
  made.addWidgets(new TextWidget({ markdown: heading, width, height: 2 }));
  made.addWidgets(new AlarmStatusWidget({ title: 'Alarms: each names its runbook entry', alarms, width, height: 3 }));
  made.addWidgets(
    new SingleValueWidget({
      title: 'In this period',
      metrics: ['Handled', 'Fixed', 'Failed', 'Incomplete', 'Disputed', 'InvalidEvents'].map((name) => sum(name)),
      setPeriodToTimeRange: true,
      width,
      height: 4,
    }),
  );
  made.addWidgets(
    graph('Findings', [sum('Handled'), sum('Fixed'), sum('Failed')]),
    graph('Milliseconds from the event to the fix', [respond('p50'), respond('p90')]),
  );
  made.addWidgets(
    graph('What needs attention', ['Incomplete', 'Disputed', 'StrandedRemediations', 'BreakerOpened', 'NotReceived'].map(sum)),
    graph('Waiting in dead-letter queues', [deep(undelivered, 'not delivered'), deep(failed, 'not handled')]),
  );
  made.addWidgets(
    graph('Requests of operators', [sum('Requests'), sum('RefusedRequests')]),
    graph('Trust', ['ForgedRecords', 'InvalidEvents', 'CountersDiffer', 'NotificationFailed'].map(sum)),
  );
}

const heading = `# Posture remediator
Each alarm names its entry in the runbook, \`docs/operate.md\`. For numbers by account, rule and standard: \`posture report\`.`;

const sum = (metricName: string): Metric => new Metric({ namespace: 'Posture', metricName, period, statistic: 'Sum' });

const respond = (statistic: string): Metric =>
  new Metric({ namespace: 'Posture', metricName: 'RespondMilliseconds', period, statistic, label: statistic });

const deep = (queue: DeadLetters['failed'], label: string): IMetric =>
  queue.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum', label });

const graph = (title: string, left: readonly IMetric[]): IWidget =>
  new GraphWidget({ title, left: [...left], leftYAxis: { min: 0 }, width: width / 2, height: 6 });
