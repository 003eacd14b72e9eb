import * as z from 'zod';
import { isRegion } from '../aws/region';
import { dispatchEnvironment } from '../dispatch/environment';
import { accountId, text } from '../settings';

const listOf = (text: string): readonly string[] => [...new Set(text.split(',').filter((one) => one !== ''))].toSorted();

/** The environment variables of the sweep, set by the CDK app. */
export const sweepEnvironment = dispatchEnvironment.extend({
  LOG_TABLE: text('the name of a table'),
  COORDINATION_TABLE: text('the name of a table'),
  CENTRAL_PARTITION: text('a partition such as aws'),
  CENTRAL_ACCOUNT: accountId,
  AWS_REGION: text('a Region'),
  /** `organization`: all active accounts of it. */
  ACCOUNTS: z
    .string()
    .regex(/^(organization|\d{12}(,(\d{12})?)*)$/)
    .transform((given) => (given === 'organization' ? given : listOf(given)))
    .describe('organization, or account ids with commas between'),
  REGIONS: z
    .string()
    .transform(listOf)
    .refine((all) => all.length > 0 && all.every(isRegion))
    .describe('Regions with commas between'),
  /** The hours from the beginning of a sweep to that of the next one. */
  SWEEP: z.union([z.literal('off'), z.coerce.number().int().min(1).max(999)]).describe('off, or a number of hours from 1 to 999'),
  /** How many findings a run hands on. */
  MAX_FINDINGS: z.coerce.number().int().min(1).max(9999).describe('a number from 1 to 9999'),
});

export type SweepEnvironment = z.infer<typeof sweepEnvironment>;
