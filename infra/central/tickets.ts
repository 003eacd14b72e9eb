import { Aws } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { accessOfReader } from '../../functions/coordination/keys';
import { outcomeEnvelope } from '../../functions/outcomes/outcome-schema';
import type { Tickets } from '../../functions/policy/tickets';
import { accessOfTickets } from '../../functions/ticket-records/ticket-keys';
import type { TicketsEnvironment } from '../../functions/tickets/environment';
import type { Bundle } from '../bundle';
import { lambdaFunction } from '../function';
import { names, ownNames } from '../names';
import { routeToQueue } from '../route/to-queue';
import { allow, allowItems, onKeys } from '../statement';
import { addAlarm, counted, waiting } from './alarms';
import { type AnswersProps, answers } from './answers';
import type { DeployedPolicy } from './policy';
import { acknowledgeSecret, readSecret } from './secret-access';
import type { Administrators } from './table-policy';
import { ticketsTable } from './tickets-table';
import { type WorkQueue, workQueue } from './work-queue';

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

/** The function of tickets, with a queue that keeps what the tracker does not take yet, and its table. Only deployed if the policy names a tracker. */
export function tickets(parent: Construct, { topic, ...props }: TicketsProps): Table {
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
  return table;
}

function queues(scope: Construct, bus: EventBus): WorkQueue {
  const made = workQueue(scope, { names: names.tickets, timeout, attempts });
  routeToQueue(scope, 'Route', {
    ...made,
    name: ownNames(name).route,
    description: 'Routes outcomes to the queue of tickets.',
    eventBusName: bus.eventBusName,
    // A ticket says nothing about what was published before.
    eventPattern: {
      source: [outcomeEnvelope.source],
      'detail-type': [outcomeEnvelope.detailType],
      detail: { repeated: [{ exists: false }] },
    },
  });
  return made;
}
