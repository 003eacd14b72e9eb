import * as z from 'zod';
import { configuration, text } from '../settings';

/** The environment variables of the dispatcher, set by the CDK app. */
export const dispatchEnvironment = z.object({
  ORDERS_TABLE: text('the name of a table'),
  POLICY: configuration,
  MEMBER_ROLE: z.string().includes('{account}').describe('the ARN of the member role, with {partition} and {account}'),
});

export type DispatchEnvironment = z.infer<typeof dispatchEnvironment>;
