import * as z from 'zod';
import { arn, configuration, text } from '../settings';

/** The environment variables of the notification function, set by the CDK app. */
export const notifyEnvironment = z.object({
  ORDERS_TABLE: text('the name of a table'),
  COORDINATION_TABLE: text('the name of a table'),
  POLICY: configuration,
  /** The central topic, which needs no policy. */
  TOPIC: arn('a topic'),
  /** The EventBridge Scheduler group, and the role with which Scheduler invokes this function. */
  SCHEDULE_GROUP: text('the name of a schedule group'),
  SCHEDULE_ROLE: text('the ARN of the role that EventBridge Scheduler assumes'),
  /** The dead-letter queue of the schedules. */
  UNDELIVERED: arn('a queue'),
});

export type NotifyEnvironment = z.infer<typeof notifyEnvironment>;
