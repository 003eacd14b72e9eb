import { ListTopicsCommand } from '@aws-sdk/client-sns';
import { collect } from '../../pages';
import type { Aws, Grant, Place } from '../../rule';

/** The permissions that `listTopics` needs. */
export const listing: Grant = { actions: ['sns:ListTopics'], on: '*' };

/** The ARNs of the topics in an account and region. */
export const listTopics = (_: Place, aws: Aws): Promise<string[]> =>
  collect(
    (NextToken) => aws.send(new ListTopicsCommand({ NextToken })),
    ({ Topics = [] }) => Topics.flatMap(({ TopicArn }) => TopicArn ?? []),
    ({ NextToken }) => NextToken,
  );
