import * as z from 'zod';
import { accountId, configuration, text } from '../settings';
import { isRoutes } from './routes/expected';

/** The environment variables of the control function, set by the CDK app. */
export const controlEnvironment = z.object({
  LOG_TABLE: text('the name of a table'),
  ORDERS_TABLE: text('the name of a table'),
  COORDINATION_TABLE: text('the name of a table'),
  POLICY: configuration,
  /** The event bus to which outcomes are published. */
  BUS: text('the name of an event bus'),
  VERSION: text('the version of the deployed code'),
  /** The routes that are not those of a rule. */
  ROUTES: z.string().refine(isRoutes).describe('the routes as JSON'),
  CENTRAL_PARTITION: text('a partition such as aws'),
  CENTRAL_ACCOUNT: accountId,
  /** Set by Lambda. */
  AWS_REGION: text('a Region such as eu-west-1'),
});

export type ControlEnvironment = z.infer<typeof controlEnvironment>;
