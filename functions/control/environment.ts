import * as z from 'zod';

/** The environment variables of the control function, as the CDK app sets them. */
export const controlEnvironment = z.object({
  LOG_TABLE: z.string().min(1),
  COORDINATION_TABLE: z.string().min(1),
  /** AppConfig's application, environment and configuration profile of the policy, by id. */
  POLICY: z.string().regex(/^[^/]+\/[^/]+\/[^/]+$/),
  /** The event bus on which outcomes are told. */
  BUS: z.string().min(1),
  VERSION: z.string().min(1),
  HUB_PARTITION: z.string().min(1),
  HUB_ACCOUNT: z.string().regex(/^\d{12}$/),
  /** Set by Lambda. */
  AWS_REGION: z.string().min(1),
});

export type ControlEnvironment = z.infer<typeof controlEnvironment>;
