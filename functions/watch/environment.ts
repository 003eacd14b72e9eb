import type * as z from 'zod';
import { dispatchEnvironment } from '../dispatch/environment';
import { accountId, text } from '../settings';

/** The environment variables of the watch, set by the CDK app. */
export const watchEnvironment = dispatchEnvironment.extend({
  CENTRAL_PARTITION: text('a partition such as aws'),
  CENTRAL_ACCOUNT: accountId,
  AWS_REGION: text('a Region'),
});

export type WatchEnvironment = z.infer<typeof watchEnvironment>;
