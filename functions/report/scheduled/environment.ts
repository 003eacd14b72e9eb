import * as z from 'zod';
import { arn, text } from '../../settings';
import { cadences } from './period';

/** The environment variables of the function that makes the scheduled report, set by the CDK app. */
export const reportEnvironment = z.object({
  /** The ARN of the log table. */
  LOG_TABLE: arn('a table'),
  ARCHIVE_BUCKET: text('the name of a bucket'),
  /** Gets the message that a report is made. */
  TOPIC: arn('a topic'),
  CADENCE: z.enum(cadences).describe(cadences.join(', ')),
  VERSION: text('the version of the software'),
});

export type ReportEnvironment = z.infer<typeof reportEnvironment>;
