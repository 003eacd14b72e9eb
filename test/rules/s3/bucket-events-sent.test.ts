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

const destinationIn = ({ region, account }: Pick<World, 'region' | 'account'>) => `arn:aws:sns:${region}:${account}:posture-receiver`;
const newReceiver = async (world: World): Promise<string> => {
  await world.send(new CreateTopicCommand({ Name: 'posture-receiver' }));
  return newBucket(world);
};
const own = (world: World) => ({
  Id: 'posture-events',
  TopicArn: destinationIn(world),
  Events: ['s3:ObjectCreated:*', 's3:ObjectRemoved:*'],
});

describeRule(rule, {
  clients: [SNSClient, SQSClient],
  parameters: (world) => ({ destinationArn: destinationIn(world) }),
  violations: {
    'a bucket that tells nobody': {
      seed: newReceiver,
      fixed: async (world, id) => expect(await receiversOf(world, id)).toMatchObject({ TopicConfigurations: [own(world)] }),
      rolledBack: async (world, id) => expect(await receiversOf(world, id)).toEqual({}),
    },
    // The Config rule knows topics, queues and functions.
    'a bucket that tells EventBridge alone': {
      async seed(world) {
        const id = await newReceiver(world);
        await put(world, id, { EventBridgeConfiguration: {} });
        return id;
      },
      fixed: async (world, id) =>
        expect(await receiversOf(world, id)).toMatchObject({ EventBridgeConfiguration: {}, TopicConfigurations: [own(world)] }),
      rolledBack: async (world, id) => expect(await receiversOf(world, id)).toEqual({ EventBridgeConfiguration: {} }),
    },
    'a bucket that tells a topic too before the rollback': {
      seed: newReceiver,
      async meanwhile(world, id) {
        const { TopicConfigurations = [] } = await toTopic(world);
        await put(world, id, { TopicConfigurations: [own(world) as (typeof TopicConfigurations)[number], ...TopicConfigurations] });
      },
      rolledBack: async (world, id) =>
        expect(await receiversOf(world, id)).toEqual({
          TopicConfigurations: [expect.objectContaining({ Events: ['s3:ObjectCreated:*'] })],
        }),
    },
    'a bucket that tells a queue instead before the rollback': {
      seed: newReceiver,
      meanwhile: async (world, id) => put(world, id, await toQueue(world)),
      rolledBack: async (world, id) => expect(Object.keys(await receiversOf(world, id))).toEqual(['QueueConfigurations']),
    },
  },
  compliant: {
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
  obstacles: {
    'a bucket that tells a topic, where the detector requires other events': {
      async seed(world) {
        const id = await newBucket(world);
        await put(world, id, await toTopic(world));
        return id;
      },
      found: { eventTypes: 's3:ObjectRemoved:*' },
      outcome: 'unfixable',
      reason: /requires s3:ObjectRemoved:\*/,
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
const arn = 'arn:aws:sqs:eu-west-1:111122223333:events';
const eventTypes = ['s3:ObjectCreated:*', 's3:ObjectRemoved:*'];
const context = { parameters: { destinationArn: arn, eventTypes }, detectedBy: 'S3.11', now: new Date(0) };
const named = { Bucket: 'b', ExpectedBucketOwner: '111122223333' };

it('names the owner of the bucket, has S3 check the new receiver, and the receivers of others no more', () => {
  const [change] = rule.plan(resource, {}, context) as readonly (Change & { readonly undo: { readonly input: object } })[];
  expect(change?.do.input).toEqual({
    ...named,
    NotificationConfiguration: { QueueConfigurations: [{ Id: 'posture-events', QueueArn: arn, Events: eventTypes }] },
  });
  expect(change?.undo.input).toEqual({ ...named, NotificationConfiguration: {} });
  const bridged = rule.plan(resource, { EventBridgeConfiguration: {} }, context);
  expect((bridged as readonly (Change & { readonly undo: { readonly input: object } })[])[0]?.undo.input).toMatchObject({
    SkipDestinationValidation: true,
  });
});

it('is content with a bucket that tells a function, unless the detector requires another receiver', () => {
  const LambdaFunctionArn = 'arn:aws:lambda:eu-west-1:111122223333:function:f';
  const state = { LambdaFunctionConfigurations: [{ LambdaFunctionArn, Events: ['s3:*'] }] };
  expect(rule.plan(resource, state, context)).toEqual([]);
  expect(rule.plan(resource, state, { ...context, demanded: { destinationArn: LambdaFunctionArn } })).toEqual([]);
  expect(rule.plan(resource, state, { ...context, demanded: { destinationArn: arn } })).toMatchObject({ code: 'other-receivers' });
});

it('leaves a receiver that somebody has changed since', () => {
  const ours = { Id: 'posture-events', QueueArn: arn, Events: eventTypes };
  const now = { QueueConfigurations: [{ ...ours, Events: ['s3:ObjectCreated:*'] }] };
  const { parameters } = context;
  expect(rule.revertOwnPart?.(resource, now, { before: {}, after: { QueueConfigurations: [ours] }, parameters })).toBeUndefined();
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
