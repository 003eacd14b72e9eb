import {
  GetBucketNotificationConfigurationCommand,
  type NotificationConfiguration,
  PutBucketNotificationConfigurationCommand,
} from '@aws-sdk/client-s3';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Change } from '../../../rules/rule';
import rule from '../../../rules/s3/bucket-events-sent';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';
import { newBucket } from './new-bucket';

describeRule(rule, {
  clients: [SNSClient, SQSClient],
  violations: {
    'a bucket that tells nobody': {
      seed: newBucket,
      fixed: async (world, id) => expect(await receiversOf(world, id)).toEqual({ EventBridgeConfiguration: {} }),
      rolledBack: async (world, id) => expect(await receiversOf(world, id)).toEqual({}),
    },
    'a bucket that tells a topic too before the rollback': {
      seed: newBucket,
      meanwhile: async (world, id) => put(world, id, { EventBridgeConfiguration: {}, ...(await toTopic(world)) }),
      rolledBack: async (world, id) =>
        expect(await receiversOf(world, id)).toEqual({
          TopicConfigurations: [expect.objectContaining({ Events: ['s3:ObjectCreated:*'] })],
        }),
    },
    'a bucket that tells a queue instead before the rollback': {
      seed: newBucket,
      meanwhile: async (world, id) => put(world, id, await toQueue(world)),
      rolledBack: async (world, id) => expect(Object.keys(await receiversOf(world, id))).toEqual(['QueueConfigurations']),
    },
  },
  compliant: {
    'a bucket that tells EventBridge': {
      async seed(world) {
        const id = await newBucket(world);
        await put(world, id, { EventBridgeConfiguration: {} });
        return id;
      },
    },
    'a bucket that tells a topic': {
      async seed(world) {
        const id = await newBucket(world);
        await put(world, id, await toTopic(world));
        return id;
      },
    },
    'a bucket that tells a queue of some objects': {
      async seed(world) {
        const id = await newBucket(world);
        await put(world, id, await toQueue(world));
        return id;
      },
    },
  },
  missing: 'no-such-bucket-anywhere',
});

const resource = {
  type: 'AWS::S3::Bucket',
  id: 'b',
  arn: 'arn:aws:s3:::b',
  partition: 'aws',
  account: '111122223333',
  region: 'eu-west-1',
};
const context = { parameters: {}, detectedBy: 'S3.11', now: new Date(0) };
const named = { Bucket: 'b', ExpectedBucketOwner: '111122223333' };

it('names the owner of the bucket, and checks the receivers of others no more', () => {
  const [change] = rule.plan(resource, {}, context) as readonly (Change & { readonly undo: { readonly input: object } })[];
  expect(change?.do.input).toEqual({
    ...named,
    NotificationConfiguration: { EventBridgeConfiguration: {} },
    SkipDestinationValidation: true,
  });
  expect(change?.undo.input).toEqual({ ...named, NotificationConfiguration: {} });
});

it('is content with a bucket that tells a function, and leaves an unknown setting of EventBridge', () => {
  const LambdaFunctionConfigurations = [{ LambdaFunctionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:f', Events: ['s3:*'] }];
  expect(rule.plan(resource, { LambdaFunctionConfigurations }, context)).toEqual([]);
  const now = { EventBridgeConfiguration: { Filter: 'new' } };
  expect(rule.revertOwnPart?.(resource, now, { before: {}, after: { EventBridgeConfiguration: {} }, parameters: {} })).toBeUndefined();
});

async function put(world: World, Bucket: string, NotificationConfiguration: NotificationConfiguration): Promise<void> {
  await world.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
}

async function receiversOf(world: World, Bucket: string): Promise<object> {
  const { $metadata, ...receivers } = await world.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
  return receivers;
}

async function toTopic(world: World): Promise<NotificationConfiguration> {
  const { TopicArn } = await world.send(new CreateTopicCommand({ Name: 'events' }));
  return { TopicConfigurations: [{ TopicArn, Events: ['s3:ObjectCreated:*'] }] };
}

async function toQueue(world: World): Promise<NotificationConfiguration> {
  await world.send(new CreateQueueCommand({ QueueName: 'events' }));
  const QueueArn = `arn:aws:sqs:${world.region}:${world.account}:events`;
  const Filter = { Key: { FilterRules: [{ Name: 'prefix' as const, Value: 'in/' }] } };
  return { QueueConfigurations: [{ QueueArn, Events: ['s3:ObjectCreated:*'], Filter }] };
}
