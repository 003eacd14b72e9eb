import * as z from 'zod';
import { arn, text } from '../settings';

/** The environment variables of the sealing function, set by the CDK app. */
export const sealEnvironment = z.object({
  ARCHIVE_BUCKET: text('the name of a bucket'),
  /** The ARN of the log table, which each seal names. */
  LOG_TABLE: arn('a table'),
  /** Says which seal is the newest. */
  COORDINATION_TABLE: text('the name of a table'),
  /** The key that signs. */
  SEAL_KEY: arn('a KMS key'),
  /** The key that signed before it. */
  FORMER_KEY: arn('a KMS key'),
  /** Gets the hash of the newest seal. */
  TOPIC: arn('a topic'),
  HEADS: z.enum(['daily', 'hourly', 'off']).describe('daily, hourly or off'),
});

export type SealEnvironment = z.infer<typeof sealEnvironment>;
