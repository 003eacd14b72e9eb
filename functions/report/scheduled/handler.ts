import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { describe } from '../../aws/error';
import { type Clock, systemClock } from '../../clock';
import { snsPublish } from '../../notify/publish';
import { readSettings } from '../../settings';
import { quote } from '../../untrusted-text';
import type { ReportedRule } from '../make-report';
import { s3Reports } from './bucket';
import { reportEnvironment } from './environment';
import { periodBefore } from './period';
import { makeScheduledReport, type ReportRun } from './scheduled-report';

const name = 'report';
const tick = z.object({ time: z.iso.datetime().optional() });

/** The Lambda handler of the scheduled report. Of the event, only the time is used: the report is that of the period before it. */
export function reportHandler(
  rules: readonly ReportedRule[],
  clock: Clock = systemClock,
): (event: unknown, context: Context) => Promise<ReportRun> {
  const logger = new Logger({ serviceName: name });
  let prepared: ReturnType<typeof prepare> | undefined;

  return async function handler(event, context) {
    logger.addContext(context);
    try {
      prepared ??= prepare();
      const { settings, ports } = prepared;
      const period = periodBefore(settings.CADENCE, timeOf(event));
      const run = await makeScheduledReport(period, { ...ports, rules, clock, millisecondsLeft: () => context.getRemainingTimeInMillis() });
      logger.info('Reported', { ...run });
      return run;
    } catch (error) {
      logger.error('Not reported', { error: describe(error) });
      throw error;
    }
  };

  /** Without a time, now. A period that isn't over has no report: what is written once would lack its end. */
  function timeOf(event: unknown): Date {
    const now = clock.now();
    const parsed = tick.safeParse(event ?? {});
    if (!parsed.success)
      throw new Error(
        `The time of the event is ${quote((event as { readonly time?: unknown }).time)}, and has to be such as "2026-11-01T06:00:00Z". Invoke the function again.`,
      );
    const time = parsed.data.time === undefined ? now : new Date(parsed.data.time);
    if (time > now) throw new Error(`The time of the event, ${time.toISOString()}, is in the future. Invoke the function when it is over.`);
    return time;
  }
}

function prepare() {
  const settings = readSettings(reportEnvironment, process.env);
  const retries = { retryMode: 'adaptive', maxAttempts: 6 } as const;
  const publish = snsPublish(new SNSClient(retries));
  const ports = {
    dynamo: new DynamoDBClient(retries),
    table: settings.LOG_TABLE.slice(settings.LOG_TABLE.lastIndexOf('/') + 1),
    log: settings.LOG_TABLE,
    version: settings.VERSION,
    bucket: s3Reports(new S3Client(retries), settings.ARCHIVE_BUCKET, systemClock),
    bucketName: settings.ARCHIVE_BUCKET,
    notify: (message: Parameters<typeof publish>[1]) => publish(settings.TOPIC, message),
  };
  return { settings, ports };
}
