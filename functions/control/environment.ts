import * as z from 'zod';
import { accountId, configuration, text } from '../settings';
import { expectedRoute } from './routes/expected';

/** As JSON. What is none is refused with all else that is wrong. */
const routes = z
  .string()
  .transform((given, context) => {
    try {
      return JSON.parse(given) as unknown;
    } catch {
      context.addIssue('is not JSON');
      return z.NEVER;
    }
  })
  .pipe(z.array(expectedRoute))
  .describe('the routes as JSON');

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
  ROUTES: routes,
  CENTRAL_PARTITION: text('a partition such as aws'),
  CENTRAL_ACCOUNT: accountId,
  /** Set by Lambda. */
  AWS_REGION: text('a Region such as eu-west-1'),
});

export type ControlEnvironment = z.infer<typeof controlEnvironment>;
