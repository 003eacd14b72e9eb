import * as z from 'zod';
import { configuration, text } from '../settings';

/** The environment variables of the function of tickets, set by the CDK app. The secret is in none of them. */
export const ticketsEnvironment = z.object({
  TICKETS_TABLE: text('the name of a table'),
  ORDERS_TABLE: text('the name of a table'),
  LOG_TABLE: text('the name of a table'),
  POLICY: configuration,
  /** The queue that Lambda reads the outcomes from. */
  QUEUE_URL: z.string().startsWith('http').describe('the URL of a queue'),
  VERSION: text('the version of the deployed code'),
  /** Who acts, in the log. */
  ACTOR: text("the ARN of the function's role"),
  CENTRAL_PARTITION: text('a partition'),
  /** Set by Lambda. */
  AWS_REGION: text('a Region'),
});

export type TicketsEnvironment = z.infer<typeof ticketsEnvironment>;
