import { Logger } from '@aws-lambda-powertools/logger';
import { AppConfigDataClient } from '@aws-sdk/client-appconfigdata';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { describe } from '../aws/error';
import { systemClock } from '../clock';
import { policyOfFunction } from '../coordination/policy-of-function';
import { metric } from '../metric';
import { outcomeEnvelope, outcomeEventShape } from '../outcomes/outcome-schema';
import { readSettings } from '../settings';
import { firstIssueText } from '../shape-issue';
import { dynamoRecords } from './dynamo-records';
import { type TicketsEnvironment, ticketsEnvironment } from './environment';
import { handleOutcome } from './handle-outcome';
import { ticketLog } from './log-ticket';
import { loggedChanges } from './logged-changes';
import type { TicketPorts } from './ports';
import { comeAgainIn, contentOf, handleEach, type QueueAnswer, type QueueMessage } from './queue';
import { secondsUntilRetry } from './retry-later';
import { secretsManagerSecret } from './secret';
import { tellChannels } from './tell-channels';
import { isTrackerError, isWorthRetrying } from './tracker-error';
import { trackersBySecret } from './trackers-by-secret';

/** The fields of the EventBridge event that are read. */
const eventShape = z.object({
  id: z.string().regex(/^[\w-]{1,128}$/),
  source: z.literal(outcomeEnvelope.source),
  'detail-type': z.literal(outcomeEnvelope.detailType),
  detail: outcomeEventShape,
});

const logger = new Logger({ serviceName: 'tickets' });
let prepared: ReturnType<typeof prepare> | undefined;

/** Brings tickets up to the outcomes of the queue. What fails stays in the queue; what is no outcome event is logged, counted, and dropped. */
export async function handler(event: unknown, context: Context): Promise<QueueAnswer> {
  logger.addContext(context);
  const ready = prepared ?? prepare(readSettings(ticketsEnvironment, process.env));
  prepared = ready;
  return handleEach(event, (message) => handle(message, ready));
}

async function handle(message: QueueMessage, { ports, later, onUnauthorized }: ReturnType<typeof prepare>): Promise<boolean> {
  const parsed = eventShape.safeParse(contentOf(message));
  if (!parsed.success) {
    logger.error('Invalid event', { reason: firstIssueText(parsed.error.issues) });
    metric('tickets', { InvalidEvents: 1 }, systemClock);
    return true;
  }
  const { id, detail } = parsed.data;
  const about = { event: id, remediation: detail.remediation, outcome: detail.outcome };
  try {
    const result = await handleOutcome(id, detail, ports);
    // After the ticket: a channel that fails keeps no ticket from being written.
    const channels = await tellChannels(id, detail, ports);
    logger.info('Ticket handled', { ...about, result, ...channels });
    return true;
  } catch (error) {
    const seconds = secondsUntilRetry(error);
    logger.warn('Ticket not written yet', {
      ...about,
      reason: describe(error),
      ...(seconds !== undefined && { retryAfterSeconds: seconds }),
    });
    if (isTrackerError(error) && error.failure === 'unauthorized') onUnauthorized();
    else if (isTrackerError(error) && !isWorthRetrying(error)) metric('tickets', { TicketsFailed: 1 }, systemClock);
    if (seconds !== undefined) await later(message.receiptHandle, seconds);
    return false;
  }
}

/** The clients live as long as the function instance. */
function prepare(settings: TicketsEnvironment) {
  const retries = { retryMode: 'adaptive', maxAttempts: 4 } as const;
  const dynamo = new DynamoDBClient(retries);
  const secrets = new SecretsManagerClient(retries);
  // The URL of the queue is a name here, not an address.
  const sqs = new SQSClient({ ...retries, useQueueUrlAsEndpoint: false });
  const warn = (message: string, details: Readonly<Record<string, unknown>>) => logger.warn(message, { details });
  const trackers = trackersBySecret((name) => secretsManagerSecret(secrets, name, systemClock), systemClock);
  const ports: TicketPorts = {
    policy: policyOfFunction('tickets', settings, { dynamo, appConfig: new AppConfigDataClient(retries) }, { clock: systemClock, warn }),
    ...{ trackerFor: trackers.trackerFor, slackFor: trackers.slackFor, pagerDutyFor: trackers.pagerDutyFor },
    records: dynamoRecords(dynamo, settings.TICKETS_TABLE, systemClock),
    changesOf: loggedChanges(dynamo, settings.LOG_TABLE),
    logTicket: ticketLog({
      ...{ client: dynamo, table: settings.LOG_TABLE, clock: systemClock },
      ...{ version: settings.VERSION, actor: settings.ACTOR },
    }),
    central: { partition: settings.CENTRAL_PARTITION, region: settings.AWS_REGION },
    clock: systemClock,
    warn,
    countDropped: () => metric('tickets', { TicketsFailed: 1 }, systemClock),
  };
  return {
    ports,
    onUnauthorized() {
      metric('tickets', { TrackerUnauthorized: 1 }, systemClock);
      trackers.refused();
    },
    later: comeAgainIn(sqs, settings.QUEUE_URL, warn),
  };
}
