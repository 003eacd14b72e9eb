import { ListTagsForResourceCommand } from '@aws-sdk/client-sns';
import type { ResourceKind } from '../../rule';

/** The ARNs of topics, for grants. */
export const topics = 'arn:{partition}:sns:{region}:{account}:*';

/** A topic, by its name. AWS Config identifies it by its ARN. */
export const topic: ResourceKind = {
  type: 'AWS::SNS::Topic',
  arn: 'arn:{partition}:sns:{region}:{account}:{id}',
  scope: 'regional',
  changedBy: {
    service: 'sns',
    calls: {
      'requestParameters.topicArn': ['SetTopicAttributes'],
      'responseElements.topicArn': ['CreateTopic'],
    },
  },
  recordedBy: 'arn',
  target: ({ arn }) => ({ TopicArn: arn }),
  permissions: [{ actions: ['sns:ListTagsForResource'], on: topics }],

  async tags({ arn }, aws) {
    const { Tags = [] } = await aws.send(new ListTagsForResourceCommand({ ResourceArn: arn }));
    return Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));
  },
};
