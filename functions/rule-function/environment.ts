import * as z from 'zod';
import { accountId, arn, configuration, text } from '../settings';

/** The environment variables of a rule's function, as the CDK app sets them. */
export const environment = z.object({
  LOG_TABLE: text('the name of a table'),
  ORDERS_TABLE: text('the name of a table'),
  COORDINATION_TABLE: text('the name of a table'),
  /** Only if the policy names a tracker. */
  TICKETS_TABLE: z.string().min(1).optional().describe('the name of a table'),
  POLICY: configuration,
  /** The event bus to which outcomes are published. */
  BUS: text('the name of an event bus'),
  MEMBER_ROLE: z.string().includes('{account}').describe('the ARN of the member role, with {partition} and {account}'),
  /** The central account. Findings of other accounts may come through it. */
  CENTRAL_ACCOUNT: accountId,
  /** Who acts, in the log. */
  ACTOR: text("the ARN of the function's role"),
  VERSION: text('the version of the deployed code'),
  /** EventBridge Scheduler group, and the role with which it invokes this function. */
  SCHEDULE_GROUP: text('the name of a schedule group'),
  SCHEDULE_ROLE: text('the ARN of the role that EventBridge Scheduler assumes'),
  /** It gets what Scheduler can't invoke this function with. */
  UNDELIVERED: arn('a queue'),
  /** Where documents of changes are stored, for a rule that has them. */
  DOCUMENTS: z.url().optional().describe('the URL of a folder in a bucket'),
});

export type Environment = z.infer<typeof environment>;
