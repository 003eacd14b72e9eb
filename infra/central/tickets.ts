import { Aws, Duration, Validations } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { CfnRule, type EventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { accessOfReader } from '../../functions/coordination/keys';
import { outcomeEnvelope } from '../../functions/outcomes/outcome-schema';
import type { Tickets } from '../../functions/policy/tickets';
import type { TicketsEnvironment } from '../../functions/tickets/environment';
import { accessOfTickets } from '../../functions/tickets/ticket-keys';
import type { Bundle } from '../bundle';
import { lambdaFunction } from '../function';
import { names, ownNames } from '../names';
import { allow, allowItems, onKeys } from '../statement';
import { addAlarm, counted, waiting } from './alarms';
import { type AnswersProps, answers } from './answers';
import type { DeployedPolicy } from './policy';
import { acknowledgeSecret, readSecret } from './secret-access';
import type { Administrators } from './table-policy';
import { ticketsTable } from './tickets-table';

const name = 'tickets';

/** Less than the lease on a ticket. */
const timeout = 120;
/** So often, an event comes back: hours for each interval of minutes. Then it waits in the dead-letter queue. */
const attempts = 200;
/** Requests of a tracker's user are limited, and its tickets are written one after the other. */
const concurrency = 2;

export interface TicketsProps {
  readonly bundle: Bundle;
  readonly version: string;
  /** The section of the policy file. */
  readonly settings: Tickets;
  readonly outcomes: EventBus;
  readonly topic: Topic;
  readonly log: Table;
  readonly orders: Table;
  readonly policy: DeployedPolicy;
  readonly administrators: Administrators;
  readonly answers: AnswersProps['bundles'];
}

/** The function of tickets, with a queue that keeps what the tracker does not take yet. Only deployed if the policy names a tracker. */
export function tickets(parent: Construct, { topic, ...props }: TicketsProps): void {
  const scope = new Construct(parent, 'Tickets');
  const { log, orders, policy, bundle } = props;
  const { tracker, slack, pagerDuty, answers: answered } = props.settings;
  const secrets = [...new Set([tracker, slack, pagerDuty].flatMap((one) => one?.secret ?? []))];
  const table = ticketsTable(scope, props.administrators, answered ? [names.answers.function, names.answers.endpoint] : []);
  const { queue, failed } = queues(scope, props.outcomes);
  const own = ownNames(name);
  const { role } = lambdaFunction(scope, {
    name: own.function,
    description: 'Opens, comments, closes and reopens tickets for outcomes.',
    code: bundle.folder,
    timeout,
    role: {
      name: own.functionRole,
      description: 'Execution role of the function of tickets.',
      statements: [
        ...secrets.flatMap(readSecret),
        ...allowItems(table, accessOfTickets),
        ...allowItems(orders, accessOfReader.orders),
        allow(['appconfig:StartConfigurationSession', 'appconfig:GetLatestConfiguration'], policy.configurationArn),
        allow(['dynamodb:PartiQLInsert'], log.tableArn, onKeys('tickets/*')),
        // Without this setting, the function can't read what a resource looks like.
        ...(props.settings.changes === 'parameters' ? [allow(['dynamodb:Query'], log.tableArn)] : []),
      ],
    },
    environment: ({ roleArn }): Record<Exclude<keyof TicketsEnvironment, 'AWS_REGION'>, string> => ({
      TICKETS_TABLE: table.tableName,
      ORDERS_TABLE: orders.tableName,
      LOG_TABLE: log.tableName,
      POLICY: policy.configuration,
      QUEUE_URL: queue.queueUrl,
      VERSION: `${props.version}+${bundle.hash.slice(0, 12)}`,
      ACTOR: roleArn,
      CENTRAL_PARTITION: Aws.PARTITION,
    }),
    source: { queue, concurrency },
  });
  for (const secret of secrets) acknowledgeSecret(role, secret);
  const alarm = (called: string, heading: string, metric: ReturnType<typeof counted>) =>
    addAlarm(scope, topic, { name: called, heading, metric });
  alarm('tracker-unauthorized', 'The tracker rejected the credentials', counted('TrackerUnauthorized'));
  alarm('tickets-failed', 'Tickets were not written', counted('TicketsFailed'));
  alarm('tickets-unhandled', 'Outcomes got no ticket', waiting(failed));
  if (answered)
    answers(parent, { bundles: props.answers, settings: props.settings, signing: answered.secret, table, orders, policy, topic });
}

function queues(scope: Construct, bus: EventBus): { readonly queue: Queue; readonly failed: Queue } {
  const common = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true, retentionPeriod: Duration.days(14) };
  const failed = new Queue(scope, 'Failed', { queueName: names.tickets.failed, ...common });
  Validations.of(failed).acknowledge({ id: 'AwsSolutions-SQS3', reason: 'It is itself a dead-letter queue, and has an alarm.' });
  const queue = new Queue(scope, 'Queue', {
    queueName: names.tickets.queue,
    ...common,
    // AWS recommends six times the timeout of the function.
    visibilityTimeout: Duration.seconds(6 * timeout),
    deadLetterQueue: { queue: failed, maxReceiveCount: attempts },
  });
  const { attrArn } = new CfnRule(scope, 'Route', {
    name: ownNames(name).route,
    description: 'Routes outcomes to the queue of tickets.',
    eventBusName: bus.eventBusName,
    // A ticket says nothing about what was published before.
    eventPattern: {
      source: [outcomeEnvelope.source],
      'detail-type': [outcomeEnvelope.detailType],
      detail: { repeated: [{ exists: false }] },
    },
    targets: [
      {
        id: 'queue',
        arn: queue.queueArn,
        deadLetterConfig: { arn: failed.queueArn },
        retryPolicy: { maximumEventAgeInSeconds: 24 * 3600, maximumRetryAttempts: 185 },
      },
    ],
  });
  for (const to of [queue, failed])
    to.addToResourcePolicy(
      new PolicyStatement({
        sid: 'RouteSends',
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [to.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': attrArn } },
      }),
    );
  return { queue, failed };
}
