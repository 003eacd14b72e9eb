import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import { type Clock, systemClock } from '../clock';
import { seconds } from '../duration';
import { everything } from '../log/trail';
import { metric } from '../metric';
import { readSettings } from '../settings';
import { sanitize } from '../untrusted-text';
import { s3Archive } from './bucket';
import { type Checked, type CheckPorts, check } from './check';
import { archiveEnvironment } from './environment';
import type { Batch } from './format';
import { dynamoLogReader } from './log-reader';
import { dynamoCheckPosition } from './position';
import { dynamoSlots } from './slots';
import { readRecord, streamEventShape } from './stream';
import { writeLines } from './write';

const name = 'archive';

/** What a run did: the batches that it wrote, or what the hourly check found. */
type Result = { readonly batches: readonly Batch[] } | Checked;

/** The Lambda handler of the archive: records of the stream become batches; any other event is the tick of the hourly check, and not read. */
export function archiveHandler(
  rules: readonly string[],
  clock: Clock = systemClock,
): (event: unknown, context: Context) => Promise<Result> {
  const logger = new Logger({ serviceName: name });
  let prepared: ReturnType<typeof prepare> | undefined;

  return async function handler(event, context) {
    logger.addContext(context);
    prepared ??= prepare();
    const streamed = streamEventShape.safeParse(event);
    return streamed.success ? archive(streamed.data.Records, prepared) : checkLog(prepared, context);
  };

  async function archive(records: readonly unknown[], ports: Parameters<typeof writeLines>[1]): Promise<Result> {
    // If this fails, Lambda repeats all records in order, until they are written: the same event in two batches is harmless.
    const batches = await writeLines(linesOf(records), ports);
    logger.info('Archived', { records: records.length, batches: batches.map(({ number }) => number) });
    return { batches };
  }

  function* linesOf(records: readonly unknown[]): Iterable<string> {
    for (const record of records) {
      const read = readRecord(record);
      if ('malformed' in read) {
        logger.error('Invalid event', { reason: sanitize(read.malformed, 300) });
        metric(name, { InvalidEvents: 1 }, clock);
        continue;
      }
      if (read.alters) {
        const { trail, sequence } = read.item;
        logger.error('A record of the log was altered', { how: read.alters, trail: trail?.S, sequence: sequence?.N });
        metric(name, { RecordsAltered: 1 }, clock);
      }
      yield read.line;
    }
  }

  async function checkLog(ports: Omit<CheckPorts, 'secondsLeft'>, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<Result> {
    const result = await check({ ...ports, secondsLeft: () => context.getRemainingTimeInMillis() / seconds(1) });
    logger.info('Checked', { ...result });
    metric(name, { ArchiveBehind: result.behind + (result.unfinished ? 1 : 0), RecordsRefilled: result.refilled }, clock);
    return result;
  }

  function prepare(): Omit<CheckPorts, 'secondsLeft'> {
    const settings = readSettings(archiveEnvironment, process.env);
    const retries = { retryMode: 'adaptive', maxAttempts: 6 } as const;
    const dynamo = new DynamoDBClient(retries);
    const bucket = s3Archive(new S3Client(retries), settings.ARCHIVE_BUCKET, clock);
    return {
      bucket,
      slots: dynamoSlots(dynamo, settings.COORDINATION_TABLE, clock, () => bucket.last()),
      log: dynamoLogReader(dynamo, settings.LOG_TABLE, clock),
      position: dynamoCheckPosition(dynamo, settings.COORDINATION_TABLE),
      rules: [...rules, everything],
      clock,
    };
  }
}
