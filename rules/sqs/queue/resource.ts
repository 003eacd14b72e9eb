import { ListQueueTagsCommand } from '@aws-sdk/client-sqs';
import { undefinedOn } from '../../absence';
import type { ResourceKind } from '../../rule';
import { nonexistent, urlOf } from './url';

/** The ARNs of queues, for grants. */
export const queues = 'arn:{partition}:sqs:{region}:{account}:*';

/** A queue, by its name. AWS Config identifies it by its URL. */
export const queue: ResourceKind = {
  type: 'AWS::SQS::Queue',
  arn: 'arn:{partition}:sqs:{region}:{account}:{id}',
  alsoAs: ['https://{host}/{account}/{id}', 'http://{host}/{account}/{id}'],
  scope: 'regional',
  changedBy: {
    service: 'sqs',
    calls: {
      'requestParameters.queueUrl': ['SetQueueAttributes'],
      'responseElements.queueUrl': ['CreateQueue'],
    },
  },
  permissions: [{ actions: ['sqs:ListQueueTags', 'sqs:GetQueueUrl'], on: queues }],

  async tags(resource, aws) {
    const QueueUrl = await urlOf(resource, aws);
    // A queue that no longer exists has no tags; the change fails then.
    const answer = QueueUrl === undefined ? undefined : await undefinedOn(nonexistent, aws.send(new ListQueueTagsCommand({ QueueUrl })));
    return answer?.Tags ?? {};
  },
};
