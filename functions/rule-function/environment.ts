import * as z from 'zod';

/** The environment variables of a rule's function, as the CDK app sets them. */
export const environment = z.object({
  LOG_TABLE: z.string().min(1),
  COORDINATION_TABLE: z.string().min(1),
  /** AppConfig's application, environment and configuration profile of the policy, by id: `abc1234/def5678/ghi9012`. */
  POLICY: z.string().regex(/^[^/]+\/[^/]+\/[^/]+$/),
  /** The event bus on which outcomes are told. */
  BUS: z.string().min(1),
  /** ARN of the member role, with `{partition}` and `{account}`. */
  MEMBER_ROLE: z.string().includes('{account}'),
  /** The account of the hub: findings of other accounts may come through it. */
  HUB_ACCOUNT: z.string().regex(/^\d{12}$/),
  /** ARN of the function's role: who acts, in the log. */
  ACTOR: z.string().min(1),
  /** Version of the deployed code. */
  VERSION: z.string().min(1),
  /** EventBridge Scheduler group, and the role with which it invokes this function. */
  SCHEDULE_GROUP: z.string().min(1),
  SCHEDULE_ROLE: z.string().min(1),
  /** ARN of the queue for what it can't invoke this function with. */
  UNDELIVERED: z.string().startsWith('arn:'),
});

export type Environment = z.infer<typeof environment>;
