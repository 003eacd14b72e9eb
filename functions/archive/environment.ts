import * as z from 'zod';
import { text } from '../settings';

/** The environment variables of the function that archives the log, set by the CDK app. */
export const archiveEnvironment = z.object({
  LOG_TABLE: text('the name of a table'),
  COORDINATION_TABLE: text('the name of a table'),
  ARCHIVE_BUCKET: text('the name of a bucket'),
});

export type ArchiveEnvironment = z.infer<typeof archiveEnvironment>;
