import { Logger } from '@aws-lambda-powertools/logger';
import { AppConfigDataClient } from '@aws-sdk/client-appconfigdata';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SNSClient } from '@aws-sdk/client-sns';
import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { functionArnOf } from '../aws/function-arn';
import { systemClock } from '../clock';
import { policyOfFunction } from '../coordination/policy-of-function';
import { metric } from '../metric';
import { outcomeEnvelope, outcomeEventShape } from '../outcomes/outcome-schema';
import { readSettings } from '../settings';
import { firstIssueText } from '../shape-issue';
import { reminderShape } from './digest';
import { type NotifyEnvironment, notifyEnvironment } from './environment';
import { type NotifyPorts, type NotifyResult, notify, sendDigest } from './notify';
import { dynamoOnce } from './once';
import { snsPublish } from './publish';
import { remind } from './remind';
import { dynamoStorm } from './storm';

/** The fields of the EventBridge event that are read. */
const eventShape = z.object({
  id: z.string().regex(/^[\w-]{1,128}$/),
  source: z.literal(outcomeEnvelope.source),
  'detail-type': z.literal(outcomeEnvelope.detailType),
  detail: outcomeEventShape,
});

const logger = new Logger({ serviceName: 'notify' });
let portsFor: ReturnType<typeof prepare> | undefined;

/** Sends notifications about outcome events, and scheduled digests. Any other event is logged, counted, and not retried. */
export async function handler(event: unknown, context: Context): Promise<readonly NotifyResult[]> {
  logger.addContext(context);
  portsFor ??= prepare(readSettings(notifyEnvironment, process.env));
  const ports = portsFor(context);
  const reminder = reminderShape.safeParse(event);
  if (reminder.success) return [await sendDigest(reminder.data, ports)];
  const parsed = eventShape.safeParse(event);
  if (!parsed.success) {
    logger.error('Invalid event', { reason: firstIssueText(parsed.error.issues) });
    metric('notify', { InvalidEvents: 1 }, systemClock);
    return [];
  }
  const { id, detail } = parsed.data;
  const results = await notify(id, detail, ports);
  logger.info('Notified', { remediation: detail.remediation, outcome: detail.outcome, results });
  return results;
}

/** The clients live as long as the function instance. */
function prepare(settings: NotifyEnvironment): (context: Context) => NotifyPorts {
  const retries = { retryMode: 'adaptive', maxAttempts: 6 } as const;
  const dynamo = new DynamoDBClient(retries);
  const scheduler = new SchedulerClient(retries);
  const { SCHEDULE_GROUP: group, SCHEDULE_ROLE: role, UNDELIVERED: undelivered } = settings;
  const [, partition = 'aws', , region = ''] = settings.TOPIC.split(':');
  const warn = (message: string, details: Record<string, unknown>) => logger.warn(message, { details });
  const ports = {
    policy: policyOfFunction('notify', settings, { dynamo, appConfig: new AppConfigDataClient(retries) }, { clock: systemClock, warn }),
    centralTopic: settings.TOPIC,
    central: { partition, region },
    publish: snsPublish(new SNSClient(retries)),
    once: dynamoOnce(dynamo, settings.COORDINATION_TABLE, systemClock),
    storm: dynamoStorm(dynamo, settings.COORDINATION_TABLE, systemClock),
    warn,
    countRefused: (rule: string) => metric(rule, { NotificationFailed: 1 }, systemClock),
  };
  return ({ invokedFunctionArn }) => ({
    ...ports,
    remind: (reminder) => remind({ client: scheduler, group, role, target: functionArnOf(invokedFunctionArn), undelivered }, reminder),
  });
}
