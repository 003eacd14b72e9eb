import * as z from 'zod';
import { ruleSettings } from './settings';

const fromJson = z.string().transform((text, context) => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    context.addIssue('is not JSON');
    return z.NEVER;
  }
});

/** The environment variables of a rule's function, as the CDK app sets them. */
export const environment = z.object({
  LOG_TABLE: z.string().min(1),
  COORDINATION_TABLE: z.string().min(1),
  /** The rule's settings as JSON. */
  SETTINGS: fromJson.pipe(ruleSettings),
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
});

export type Environment = z.infer<typeof environment>;
