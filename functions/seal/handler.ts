import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { describe } from '../aws/error';
import { systemClock } from '../clock';
import { putSealed } from '../coordination/sealed';
import { seconds } from '../duration';
import { metric } from '../metric';
import { readSettings } from '../settings';
import { sealEnvironment } from './environment';
import { SealsBroken } from './last-seal';
import { isDue, publishHead } from './publish-head';
import { s3Archive } from './s3-archive';
import { type SealRun, sealArchive } from './seal-archive';
import { kmsSigner } from './signer';

const name = 'seal';
const logger = new Logger({ serviceName: name });
const tick = z.object({ time: z.iso.datetime() });
let prepared: ReturnType<typeof prepare> | undefined;

/** The Lambda handler of the hourly seal. Of the event, only the time of the schedule is used. */
export async function handler(event: unknown, context: Context): Promise<SealRun> {
  logger.addContext(context);
  prepared ??= prepare();
  const { settings, sns, dynamo, ports } = prepared;
  const secondsLeft = () => context.getRemainingTimeInMillis() / seconds(1);
  const run = await sealArchive({ ...ports, secondsLeft }).catch((error: unknown): SealRun => {
    // Another attempt would come to the same.
    if (error instanceof SealsBroken) return { seals: 0, batches: 0, gap: error.message };
    throw error;
  });
  if (run.gap !== undefined) logger.error('The archive has a gap', { gap: run.gap });
  metric(name, { Seals: run.seals, SealedBatches: run.batches, ArchiveGaps: run.gap === undefined ? 0 : 1 }, systemClock);
  const scheduled = tick.safeParse(event);
  const at = scheduled.success ? new Date(scheduled.data.time) : systemClock.now();
  if (run.newest && isDue(settings.HEADS, at)) await publishHead(sns, settings.TOPIC, run.newest);
  const sealed = { at: systemClock.now().toISOString(), ...sealedBy(run) };
  // What `posture status` shows is no reason to seal, or to publish, once more.
  await putSealed(dynamo, settings.COORDINATION_TABLE, sealed).catch((error: unknown) =>
    logger.error('The newest seal was not recorded', { error: describe(error) }),
  );
  const { newest, ...done } = run;
  logger.info('Sealed', { ...done, newest: newest && { number: newest.number, hash: newest.hash, to: newest.to } });
  return run;
}

const sealedBy = ({ newest, gap }: SealRun) => ({
  ...(newest && { number: newest.number, sealedAt: newest.time, hash: newest.hash }),
  ...(gap !== undefined && { gap: gap.slice(0, 1000) }),
});

function prepare() {
  const settings = readSettings(sealEnvironment, process.env);
  const retries = { retryMode: 'adaptive', maxAttempts: 6 } as const;
  const kms = new KMSClient(retries);
  const ports = {
    archive: s3Archive(new S3Client(retries), settings.ARCHIVE_BUCKET),
    signer: kmsSigner(kms, settings.SEAL_KEY),
    former: kmsSigner(kms, settings.FORMER_KEY),
    table: settings.LOG_TABLE,
    clock: systemClock,
  };
  return { settings, sns: new SNSClient(retries), dynamo: new DynamoDBClient(retries), ports };
}
