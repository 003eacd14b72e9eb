import * as z from 'zod';
import { accountId, configuration, text } from '../settings';

/** The environment variables of the function that receives requests of other tools, set by the CDK app. */
export const requestsEnvironment = z.object({
  LOG_TABLE: text('the name of a table'),
  ORDERS_TABLE: text('the name of a table'),
  POLICY: configuration,
  /** The event bus to which refusals are published, as outcomes are. */
  BUS: text('the name of an event bus'),
  VERSION: text('the version of the deployed code'),
  /** Who acts, in the log. */
  ACTOR: text("the ARN of the function's role"),
  CENTRAL_PARTITION: text('a partition such as aws'),
  CENTRAL_ACCOUNT: accountId,
  /** Set by Lambda. */
  AWS_REGION: text('a Region such as eu-west-1'),
});

export type RequestsEnvironment = z.infer<typeof requestsEnvironment>;
