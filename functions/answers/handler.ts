import { Logger } from '@aws-lambda-powertools/logger';
import { AppConfigDataClient } from '@aws-sdk/client-appconfigdata';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';
import { describe } from '../aws/error';
import { systemClock } from '../clock';
import { policyOfFunction } from '../coordination/policy-of-function';
import { metric } from '../metric';
import { readSettings } from '../settings';
import { firstIssueText } from '../shape-issue';
import { dynamoAnswers, readRecord } from '../tickets/dynamo-records';
import { comeAgainIn, contentOf, handleEach, type QueueAnswer, type QueueMessage } from '../tickets/queue';
import { secondsUntilRetry } from '../tickets/retry-later';
import { secretsManagerSecret } from '../tickets/secret';
import { isTrackerError } from '../tickets/tracker-error';
import { trackersBySecret } from '../tickets/trackers-by-secret';
import { askControl } from './ask-control';
import { type AnswersEnvironment, answersEnvironment } from './environment';
import { handleAnswer } from './handle-answer';
import { answerMessage } from './message';
import type { AnswerPorts } from './ports';

const name = 'answers';
const logger = new Logger({ serviceName: name });
let prepared: ReturnType<typeof prepare> | undefined;

/** Handles the answers of the queue. What fails stays in the queue; what is no message of the endpoint is logged, counted, and dropped. */
export async function handler(event: unknown, context: Context): Promise<QueueAnswer> {
  logger.addContext(context);
  const ready = prepared ?? prepare(readSettings(answersEnvironment, process.env));
  prepared = ready;
  return handleEach(event, (message) => handle(message, ready));
}

async function handle(message: QueueMessage, { ports, later, onUnauthorized }: ReturnType<typeof prepare>): Promise<boolean> {
  const parsed = answerMessage.safeParse(contentOf(message));
  if (!parsed.success) {
    logger.error('Invalid message', { reason: firstIssueText(parsed.error.issues) });
    metric(name, { InvalidEvents: 1 }, systemClock);
    return true;
  }
  try {
    const result = await handleAnswer(parsed.data, ports);
    logger.info('Answer handled', { ...result });
    if (result.result === 'refused') metric(name, { RefusedAnswers: 1 }, systemClock);
    return true;
  } catch (error) {
    const seconds = secondsUntilRetry(error);
    logger.warn('Answer not handled yet', { kind: parsed.data.kind, reason: describe(error), retryAfterSeconds: seconds });
    if (isTrackerError(error) && error.failure === 'unauthorized') onUnauthorized();
    if (seconds !== undefined) await later(message.receiptHandle, seconds);
    return false;
  }
}

/** The clients live as long as the function instance. */
function prepare(settings: AnswersEnvironment) {
  const retries = { retryMode: 'adaptive', maxAttempts: 4 } as const;
  const dynamo = new DynamoDBClient(retries);
  const secrets = new SecretsManagerClient(retries);
  // A request that was not answered may have been carried out: what repeats it knows that.
  const lambda = new LambdaClient({ maxAttempts: 1 });
  const warn = (message: string, details: Readonly<Record<string, unknown>>) => logger.warn(message, { details });
  const vendors = trackersBySecret((secret) => secretsManagerSecret(secrets, secret, systemClock), systemClock);
  const ports: AnswerPorts = {
    policy: policyOfFunction(name, settings, { dynamo, appConfig: new AppConfigDataClient(retries) }, { clock: systemClock, warn }),
    ...{ saidFor: vendors.saidFor, trackerFor: vendors.trackerFor, slackFor: vendors.slackFor },
    recordOf: (mark) => readRecord(dynamo, settings.TICKETS_TABLE, mark),
    answers: dynamoAnswers(dynamo, settings.TICKETS_TABLE, systemClock),
    ask: (answer) => askControl(lambda, settings.CONTROL, answer),
    clock: systemClock,
    warn,
  };
  return {
    ports,
    onUnauthorized() {
      metric(name, { TrackerUnauthorized: 1 }, systemClock);
      vendors.refused();
    },
    later: comeAgainIn(new SQSClient({ ...retries, useQueueUrlAsEndpoint: false }), settings.QUEUE_URL, warn),
  };
}
