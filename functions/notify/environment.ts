import * as z from 'zod';

/** The environment variables of the function that tells people, as the CDK app sets them. */
export const notifyEnvironment = z.object({
  COORDINATION_TABLE: z.string().min(1),
  /** AppConfig's application, environment and configuration profile of the policy, by id: `abc1234/def5678/ghi9012`. */
  POLICY: z.string().regex(/^[^/]+\/[^/]+\/[^/]+$/),
  /** ARN of the topic that gets what a person has to know, without any policy. */
  TOPIC: z.string().startsWith('arn:'),
  /** EventBridge Scheduler group, and the role with which it invokes this function. */
  SCHEDULE_GROUP: z.string().min(1),
  SCHEDULE_ROLE: z.string().min(1),
  /** ARN of the queue for what it can't invoke this function with. */
  UNDELIVERED: z.string().startsWith('arn:'),
});

export type NotifyEnvironment = z.infer<typeof notifyEnvironment>;
