import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import { collect } from '../../pages';
import type { Aws, Grant, Place } from '../../rule';

/** The permissions that `listQueues` needs. */
export const listing: Grant = { actions: ['sqs:ListQueues'], on: '*' };

/** The names of the queues in an account and region. */
export const listQueues = (_: Place, aws: Aws): Promise<string[]> =>
  collect(
    // Without MaxResults, SQS returns the first 1,000 and no token.
    (NextToken) => aws.send(new ListQueuesCommand({ MaxResults: 1000, NextToken })),
    ({ QueueUrls = [] }) => QueueUrls.map((url) => url.slice(url.lastIndexOf('/') + 1)),
    ({ NextToken }) => NextToken,
  );
