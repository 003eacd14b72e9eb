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
  scope: 'regional',
  permissions: [{ actions: ['sqs:ListQueueTags', 'sqs:GetQueueUrl'], on: queues }],

  async tags(resource, aws) {
    const QueueUrl = await urlOf(resource, aws);
    // A queue that no longer exists has no tags; the change fails then.
    const answer = QueueUrl === undefined ? undefined : await undefinedOn(nonexistent, aws.send(new ListQueueTagsCommand({ QueueUrl })));
    return answer?.Tags ?? {};
  },

  async resolve(url, { partition, region, account }) {
    const [, owner, name] = /^https?:\/\/[a-z0-9.:-]+\/(\d{12})\/([\w-]{1,80}(?:\.fifo)?)$/.exec(url) ?? [];
    return owner === account ? `arn:${partition}:sqs:${region}:${account}:${name}` : undefined;
  },
};
