import { Aws, Duration, Validations } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { CfnRule, type EventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct, type IConstruct } from 'constructs';
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
import type { DeployedPolicy } from './policy';
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
}

/** The function of tickets, with a queue that keeps what the tracker does not take yet. Only deployed if the policy names a tracker. */
export function tickets(parent: Construct, { topic, ...props }: TicketsProps): void {
  const scope = new Construct(parent, 'Tickets');
  const { log, orders, policy, bundle } = props;
  const table = ticketsTable(scope, props.administrators);
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
        ...secretStatements(props.settings.tracker.secret),
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
  acknowledgeSecret(role, props.settings.tracker.secret);
  const alarm = (called: string, heading: string, metric: ReturnType<typeof counted>) =>
    addAlarm(scope, topic, { name: called, heading, metric });
  alarm('tracker-unauthorized', 'The tracker rejected the credentials', counted('TrackerUnauthorized'));
  alarm('tickets-failed', 'Tickets were not written', counted('TicketsFailed'));
  alarm('tickets-unhandled', 'Outcomes got no ticket', waiting(failed));
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

/** The one secret, also if a key of yours encrypts it. Secrets Manager adds six characters to a name. */
const secretArn = (secret: string): string => {
  const arn = secret.startsWith('arn:') ? secret : `arn:${Aws.PARTITION}:secretsmanager:${Aws.REGION}:${Aws.ACCOUNT_ID}:secret:${secret}`;
  return /-[A-Za-z0-9]{6}$/.test(secret) && secret.startsWith('arn:') ? arn : `${arn}-??????`;
};

const secretStatements = (secret: string): readonly PolicyStatement[] => [
  allow(['secretsmanager:GetSecretValue'], secretArn(secret)),
  allow(['kms:Decrypt'], keys, {
    StringEquals: { 'kms:ViaService': `secretsmanager.${Aws.REGION}.${Aws.URL_SUFFIX}` },
    StringLike: { 'kms:EncryptionContext:SecretARN': secretArn(secret) },
  }),
];

const keys = `arn:${Aws.PARTITION}:kms:${Aws.REGION}:*:key/*`;

function acknowledgeSecret(role: IConstruct, secret: string): void {
  const shown = (arn: string) => arn.replaceAll(/\$\{Token\[(AWS\.\w+)\.\d+\]\}/g, (_, token: string) => `<${token.replace('.', '::')}>`);
  Validations.of(role).acknowledge(
    {
      id: `AwsSolutions-IAM5[Resource::${shown(secretArn(secret))}]`,
      reason: 'One secret: Secrets Manager adds six characters to its name.',
    },
    {
      id: `AwsSolutions-IAM5[Resource::${shown(keys)}]`,
      reason: 'Only through Secrets Manager, and only for this secret. The key policy also has to allow it.',
    },
  );
}
