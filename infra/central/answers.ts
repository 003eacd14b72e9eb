import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { EndpointEnvironment } from '../../functions/answers/endpoint/environment';
import type { AnswersEnvironment } from '../../functions/answers/environment';
import { channels } from '../../functions/control/channel';
import { accessOfReader } from '../../functions/coordination/keys';
import type { Tickets } from '../../functions/policy/tickets';
import { accessOfAnswers, accessOfEndpoint } from '../../functions/ticket-records/ticket-keys';
import { functionArn } from '../arn';
import type { Bundle } from '../bundle';
import { lambdaFunction } from '../function';
import { names, ownNames } from '../names';
import { allow, allowItems } from '../statement';
import { addAlarm, counted, waiting } from './alarms';
import { answersApi } from './answers-api';
import type { DeployedPolicy } from './policy';
import { acknowledgeSecret, readSecret } from './secret-access';
import { workQueue } from './work-queue';

/** Less than the lease on an answer. */
const timeout = 90;
/** So often, an answer comes back: a vendor can be down for hours. */
const attempts = 100;

export interface AnswersProps {
  readonly bundles: { readonly function: Bundle; readonly endpoint: Bundle };
  /** The section of the policy file, and the secret with the signing secrets. */
  readonly settings: Tickets;
  readonly signing: string;
  readonly table: Table;
  readonly orders: Table;
  readonly policy: DeployedPolicy;
  readonly topic: Topic;
}

/**
 * The way in for answers: an endpoint that verifies and enqueues, and a function that reads each answer back from its vendor and asks the control
 * function. Only deployed if the policy names people who answer.
 */
export function answers(parent: Construct, { bundles, settings, signing, table, orders, policy, topic }: AnswersProps): void {
  const scope = new Construct(parent, 'Answers');
  const { queue, failed } = workQueue(scope, { names: names.answers, timeout, attempts });
  endpoint(new Construct(scope, 'Endpoint'), { bundle: bundles.endpoint, settings, signing, table, queue });
  const { tracker, slack } = settings;
  const secrets = [...new Set([tracker, slack].flatMap((one) => one?.secret ?? []))];
  const own = ownNames(names.answers.function);
  const control = `${ownNames('control').function}:${channels.answers}`;
  const { role } = lambdaFunction(scope, {
    name: own.function,
    description: 'Handles answers in tickets and in Slack: reads them back, and asks the control function.',
    code: bundles.function.folder,
    timeout,
    role: {
      name: own.functionRole,
      description: 'Execution role of the function of answers.',
      statements: [
        ...secrets.flatMap(readSecret),
        ...allowItems(table, accessOfAnswers),
        ...allowItems(orders, accessOfReader.orders),
        allow(['appconfig:StartConfigurationSession', 'appconfig:GetLatestConfiguration'], policy.configurationArn),
        // The alias that believes who answered, of the people of the policy alone.
        allow(['lambda:InvokeFunction'], functionArn(control)),
      ],
    },
    environment: (): Record<keyof AnswersEnvironment, string> => ({
      TICKETS_TABLE: table.tableName,
      ORDERS_TABLE: orders.tableName,
      POLICY: policy.configuration,
      QUEUE_URL: queue.queueUrl,
      CONTROL: control,
    }),
    source: { queue, concurrency: 2 },
  });
  for (const secret of secrets) acknowledgeSecret(role, secret);
  const alarm = (name: string, heading: string, metric: ReturnType<typeof counted>) => addAlarm(scope, topic, { name, heading, metric });
  alarm('answers-rejected', 'Requests to the endpoint of answers were rejected', counted('RejectedAnswers'));
  alarm('answers-unhandled', 'Answers were not handled', waiting(failed));
}

interface EndpointProps {
  readonly bundle: Bundle;
  readonly settings: Tickets;
  readonly signing: string;
  readonly table: Table;
  readonly queue: Queue;
}

function endpoint(scope: Construct, { bundle, settings, signing, table, queue }: EndpointProps): void {
  const own = ownNames(names.answers.endpoint);
  const { lambda, role } = lambdaFunction(scope, {
    name: own.function,
    description: 'Receives webhooks of the tracker and buttons of Slack: verifies and enqueues them.',
    code: bundle.folder,
    memorySize: 512,
    timeout: 10,
    role: {
      name: own.functionRole,
      description: 'Execution role of the endpoint of answers.',
      statements: [...readSecret(signing), ...allowItems(table, accessOfEndpoint), allow(['sqs:SendMessage'], queue.queueArn)],
    },
    environment: (): Record<keyof EndpointEnvironment, string> => ({
      TICKETS_TABLE: table.tableName,
      QUEUE_URL: queue.queueUrl,
      SECRET: signing,
      TRACKER: settings.tracker.vendor,
      SLACK: settings.slack ? 'on' : 'off',
    }),
  });
  acknowledgeSecret(role, signing);
  answersApi(scope, { name: own.function, lambda, paths: ['/tracker', ...(settings.slack ? ['/slack'] : [])] });
}
