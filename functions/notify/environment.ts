import * as z from 'zod';
import { arn, configuration, text } from '../settings';

/** The environment variables of the function that tells people, as the CDK app sets them. */
export const notifyEnvironment = z.object({
  COORDINATION_TABLE: text('the name of a table'),
  POLICY: configuration,
  /** It gets what a person has to know, without any policy. */
  TOPIC: arn('a topic'),
  /** EventBridge Scheduler group, and the role with which it invokes this function. */
  SCHEDULE_GROUP: text('the name of a schedule group'),
  SCHEDULE_ROLE: text('the ARN of the role that EventBridge Scheduler takes'),
  /** It gets what Scheduler can't invoke this function with. */
  UNDELIVERED: arn('a queue'),
});

export type NotifyEnvironment = z.infer<typeof notifyEnvironment>;
