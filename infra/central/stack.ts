import { type App, CfnOutput, Stack } from 'aws-cdk-lib';
import type { CfnEventBus } from 'aws-cdk-lib/aws-events';
import { CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { CatalogueEntry } from '../../functions/catalogue/catalogue';
import type { Policy } from '../../functions/policy/policy';
import type { Bundle, Bundles } from '../bundle';
import type { CatalogueBundles } from '../bundle/of-catalogue';
import { names } from '../names';
import { serviceStacks } from '../remediator/service-stacks';
import { alarms } from './alarms';
import { archive } from './archive';
import { bus } from './bus';
import { control } from './control';
import { coordinationTable } from './coordination-table';
import { dashboard } from './dashboard';
import { deadLetters } from './dead-letters';
import { dispatch } from './dispatch';
import { documentBucket } from './documents';
import { logTable } from './log-table';
import { members } from './members';
import { notify } from './notify';
import { ordersTable } from './orders-table';
import { deployedPolicy } from './policy';
import { reconcile } from './reconcile';
import { reportCadence } from './report-cadence';
import { reports } from './reports';
import { requests } from './requests';
import { seal } from './seal';
import { sweep } from './sweep';
import { tableAdministrators } from './table-policy';
import { tickets } from './tickets';
import { watch } from './watch';

export interface CentralProps {
  readonly entries: readonly CatalogueEntry[];
  readonly bundles: Bundles;
  readonly policy: Policy;
  /** The functions that know all rules. */
  readonly catalogueBundles: CatalogueBundles;
  /** Version of the package. */
  readonly version: string;
}

/** The central stack: tables, dead-letter queues, the policy, alarms, and one nested stack per service with the functions of its rules. */
export function centralStack(app: App, { entries, bundles, policy, catalogueBundles, version }: CentralProps): Stack {
  const stack = new Stack(app, 'Posture', { description: 'Posture remediator: remediates findings of Security Hub and AWS Config.' });
  const administrators = tableAdministrators(stack);
  const rules = entries.map(({ rule }) => rule);
  const cadence = reportCadence(stack);
  const bundleOf = (name: string) => bundleIn(bundles, name);
  const central = {
    log: logTable(stack, administrators),
    orders: ordersTable(stack, administrators),
    coordination: coordinationTable(stack),
    deadLetters: deadLetters(stack, { requests: Object.keys(policy.requesters).length > 0, reports: cadence !== undefined }),
    members: members(stack),
    policy: deployedPolicy(stack, { policy, validator: catalogueBundles.validator.folder }),
    documents: documentBucket(stack, rules),
  };
  const topic = alarms(stack, central.deadLetters);
  control(stack, { ...central, bundle: catalogueBundles.control, version });
  const outcomes = bus(stack);
  const notifications = notify(stack, { ...central, bus: outcomes, bundle: bundleOf('notify') });
  const alarmed = { topic, outcomes, administrators };
  const shown = policy.tickets && {
    tickets: tickets(stack, { ...central, ...alarmed, ...ticketBundles(bundleOf), version, settings: policy.tickets }),
  };
  dispatch(stack, rules, { ...central, bundle: catalogueBundles.dispatch });
  requests(stack, policy, { ...central, bundle: catalogueBundles.requests, version });
  reconcile(stack, { ...central, bundle: catalogueBundles.reconcile });
  sweep(stack, { ...central, bundle: catalogueBundles.sweep });
  const { bucket, results } = archive(stack, { ...central, administrators, bundle: catalogueBundles.archive, rules });
  const seals = seal(stack, { ...central, bucket, administrators, topic, bundle: bundleOf('seal') });
  watch(stack, { ...central, topic, bundle: catalogueBundles.watch });
  if (cadence !== undefined)
    reports(stack, { ...central, cadence, archive: bucket, topic, notifications, bundle: catalogueBundles.report, version });
  dashboard(stack, central.deadLetters);
  const schedules = new CfnScheduleGroup(stack, 'Schedules', { name: names.scheduleGroup });
  const uses = [central.policy.deployment, schedules, outcomes.node.defaultChild as CfnEventBus];

  serviceStacks(stack, entries, {
    uses,
    propsOf: (rule) => ({ rule, bundle: bundleOf(rule.id), version, central: { ...central, ...shown } }),
  });

  const outputs = {
    LogTable: central.log.tableName,
    OrdersTable: central.orders.tableName,
    CoordinationTable: central.coordination.tableName,
    UndeliveredQueue: central.deadLetters.undelivered.queueUrl,
    FailedQueue: central.deadLetters.failed.queueUrl,
    AlarmTopic: topic.topicArn,
    NotificationTopic: notifications.topicArn,
    SealTopic: seals.topic.topicArn,
    OutcomeBus: names.bus,
    ArchiveBucket: bucket.bucketName,
    QueryResults: results.bucketName,
    ScheduleGroup: names.scheduleGroup,
    PolicyConfiguration: central.policy.configuration,
  };
  for (const [name, value] of Object.entries(outputs)) new CfnOutput(stack, name, { value });
  return stack;
}

function ticketBundles(bundleOf: (name: string) => Bundle) {
  const answers = { function: bundleOf(names.answers.function), endpoint: bundleOf(names.answers.endpoint) };
  return { bundle: bundleOf('tickets'), answers };
}

function bundleIn(bundles: Bundles, name: string): Bundle {
  const bundle = bundles.get(name);
  if (!bundle) throw new Error(`The bundle for ${name} does not exist. Bundle all functions first.`);
  return bundle;
}
