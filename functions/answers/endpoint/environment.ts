import * as z from 'zod';
import { text } from '../../settings';

/** The environment variables of the endpoint of answers, set by the CDK app. The secret is named here, and nowhere copied. */
export const endpointEnvironment = z.object({
  TICKETS_TABLE: text('the name of a table'),
  QUEUE_URL: z.string().startsWith('http').describe('the URL of a queue'),
  SECRET: text('the name or ARN of a secret'),
  TRACKER: z.enum(['jira-cloud', 'jira-data-center', 'github', 'servicenow']).describe('the vendor of the tracker'),
  SLACK: z.enum(['on', 'off']).describe('`on` or `off`'),
});

export type EndpointEnvironment = z.infer<typeof endpointEnvironment>;
