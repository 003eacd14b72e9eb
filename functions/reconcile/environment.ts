import * as z from 'zod';
import { dispatchEnvironment } from '../dispatch/environment';
import { accountId, text } from '../settings';

/** The environment variables of the reconciliation, set by the CDK app. */
export const reconcileEnvironment = dispatchEnvironment.extend({
  LOG_TABLE: text('the name of a table'),
  CENTRAL_PARTITION: text('a partition such as aws'),
  CENTRAL_ACCOUNT: accountId,
  AWS_REGION: text('a Region'),
  /** How many findings a run feeds in. */
  MAX_FINDINGS: z.coerce.number().int().min(0).max(10_000).describe('a number from 0 to 10000'),
});

export type ReconcileEnvironment = z.infer<typeof reconcileEnvironment>;
