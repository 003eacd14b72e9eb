import * as z from 'zod';
import { configuration, text } from '../settings';

/** The environment variables of the function of answers, set by the CDK app. No secret is in them. */
export const answersEnvironment = z.object({
  TICKETS_TABLE: text('the name of a table'),
  ORDERS_TABLE: text('the name of a table'),
  POLICY: configuration,
  /** The queue that Lambda reads the answers from. */
  QUEUE_URL: z.string().startsWith('http').describe('the URL of a queue'),
  /** The alias of the control function for answers. */
  CONTROL: z.string().endsWith(':answers').describe('the name of a function with its alias'),
});

export type AnswersEnvironment = z.infer<typeof answersEnvironment>;
