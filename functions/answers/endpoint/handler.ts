import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';
import { systemClock } from '../../clock';
import { metric } from '../../metric';
import { readSettings } from '../../settings';
import { secretsManagerSecret } from '../../tickets/secret';
import { dynamoDeliveries } from './deliveries';
import { endpointEnvironment } from './environment';
import { type EndpointPorts, type Received, receive } from './receive';

/** The answer to the vendor. It tells nothing: whoever sends what is not signed learns only that. */
interface HttpAnswer {
  readonly statusCode: number;
  readonly body: string;
}

const statuses: Readonly<Record<Received, number>> = {
  queued: 200,
  replayed: 200,
  ignored: 200,
  'no-request': 400,
  malformed: 400,
  unsigned: 401,
  'wrong-signature': 401,
  'old-timestamp': 401,
  'not-found': 404,
  'too-large': 413,
};

const logger = new Logger({ serviceName: 'answers-endpoint' });
let prepared: EndpointPorts | undefined;

/** Takes the webhooks of the tracker and the buttons of Slack: verifies, and hands on. It can do nothing else. */
export async function handler(event: unknown, context: Context): Promise<HttpAnswer> {
  logger.addContext(context);
  prepared ??= prepare();
  const received = await receive(event, prepared);
  const statusCode = statuses[received];
  if (received !== 'ignored') logger[statusCode === 200 ? 'info' : 'warn']('Request of a vendor', { received });
  // `posture tickets check` sends an empty request.
  const isEmpty = received === 'unsigned' && isWithoutBody(event);
  if (received !== 'not-found' && statusCode !== 200 && !isEmpty) metric('answers-endpoint', { RejectedAnswers: 1 }, systemClock);
  return { statusCode, body: '' };
}

const isWithoutBody = (event: unknown): boolean => !(event as { readonly body?: string }).body;

function prepare(): EndpointPorts {
  const set = readSettings(endpointEnvironment, process.env);
  // Slack waits three seconds.
  const retries = { maxAttempts: 2 } as const;
  const sqs = new SQSClient({ ...retries, useQueueUrlAsEndpoint: false });
  return {
    tracker: set.TRACKER,
    hasSlack: set.SLACK === 'on',
    secret: secretsManagerSecret(new SecretsManagerClient(retries), set.SECRET, systemClock),
    deliveries: dynamoDeliveries(new DynamoDBClient(retries), set.TICKETS_TABLE, systemClock),
    async enqueue(message) {
      await sqs.send(new SendMessageCommand({ QueueUrl: set.QUEUE_URL, MessageBody: JSON.stringify(message) }));
    },
    clock: systemClock,
  };
}
