import { CloudWatchClient, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { CreateEventSubscriptionCommand, RDSClient } from '@aws-sdk/client-rds';
import { CreateTopicCommand, GetTopicAttributesCommand } from '@aws-sdk/client-sns';
import type { JsonObject } from '../../../rules/json';
import type { Aws, Json } from '../../../rules/rule';
import rule from '../../../rules/sns/topic-encrypted';
import { describeRule } from '../../contract/describe-rule';
import type { World } from '../../contract/scenario';

const own = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

/** The conditions by which services publish, after AWS's documentation of S3 event notifications, SES, and services in general. */
const forServices: Readonly<Record<string, JsonObject | undefined>> = {
  'the ARN of a bucket': { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::orders' } },
  'the account of their resource': { StringEquals: { 'aws:SourceAccount': '111122223333' } },
  'the referer, as SES does': { StringEquals: { 'AWS:Referer': '111122223333' } },
  'the organization of their resource': { StringEquals: { 'aws:SourceOrgID': 'o-a1b2c3d4e5' } },
  'being services': { Bool: { 'aws:PrincipalIsAWSService': 'true' } },
  'the owner and the ARN of their resource': {
    StringEquals: { 'AWS:SourceOwner': '111122223333' },
    ArnLike: { 'aws:SourceArn': 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:*' },
  },
  'no condition': undefined,
};

describeRule(rule, {
  clients: [CloudWatchClient, RDSClient],
  violations: {
    'a topic without a key': {
      seed: topicWith({}),
      fixed: async (world, id) => expect(await keyOf(world, id)).toBe('alias/aws/sns'),
      rolledBack: async (world, id) => expect(await keyOf(world, id)).toBeFalsy(),
    },
    'a topic for an account, without a key': { seed: topicWith({ Policy: policy({ AWS: '444455556666' }) }) },
    'a topic for a service, and a key of its owner': {
      seed: topicWith({ Policy: policy({ Service: 's3.amazonaws.com' }) }),
      parameters: { kmsKeyId: own },
      fixed: async (world, id) => expect(await keyOf(world, id)).toBe(own),
    },
    'a topic that denies a service, without a key': { seed: topicWith({ Policy: policy({ Service: 's3.amazonaws.com' }, 'Deny') }) },
    'a topic that an alarm tells, and a key of its owner': {
      seed: topicWithAlarm((topic) => [topic]),
      parameters: { kmsKeyId: own },
    },
    'a topic whose name begins as that of one that an alarm tells': { seed: topicWithAlarm((topic) => [`${topic}-urgent`]) },
    'a topic for the principals of an organization, by a condition': {
      seed: topicWith({ Policy: policy({ AWS: '*' }, 'Allow', { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }) }),
    },
    'a topic that everyone may subscribe to': { seed: topicWith({ Policy: policy('*', 'Allow', undefined, 'sns:Subscribe') }) },
    'a topic that an event subscription of RDS tells, and a key of its owner': {
      seed: topicWithSubscription(''),
      parameters: { kmsKeyId: own },
    },
    'a topic whose name begins that of one that an event subscription tells': { seed: topicWithSubscription('-urgent') },
    'a FIFO topic without a key': { seed: topicWith({ FifoTopic: 'true' }, '.fifo') },
  },
  compliant: {
    'a topic with a key of its owner': { seed: topicWith({ KmsMasterKeyId: own }) },
    'a topic with the key of AWS, where the owner wants another': {
      seed: topicWith({ KmsMasterKeyId: 'alias/aws/sns' }),
      parameters: { kmsKeyId: own },
    },
  },
  obstacles: {
    'a topic that services publish to, and no key that they could use': {
      seed: topicWith({ Policy: policy({ Service: ['s3.amazonaws.com', 'events.amazonaws.com'] }) }),
      outcome: 'unfixable',
      reason: /allows events\.amazonaws\.com, s3\.amazonaws\.com to publish/,
    },
    ...Object.fromEntries(
      Object.entries(forServices).map(([name, condition]) => [
        `a topic that services publish to by ${name}, and no key that they could use`,
        {
          seed: topicWith({ Policy: policy({ AWS: '*' }, 'Allow', condition) }),
          outcome: 'unfixable' as const,
          reason: /allows everyone \(.+\) to publish/,
        },
      ]),
    ),
    'a topic that an event subscription of RDS tells, and no key that RDS could use': {
      seed: topicWithSubscription(''),
      outcome: 'unfixable',
      reason: /The event subscription failovers publishes to the topic, and Amazon RDS cannot use/,
    },
    'a topic that services publish to, and the ARN of the key of AWS': {
      seed: topicWith({ Policy: policy({ Service: 's3.amazonaws.com' }) }),
      parameters: { kmsKeyId: 'arn:aws:kms:eu-west-1:111122223333:alias/aws/sns' },
      outcome: 'unfixable',
    },
    'a topic that an alarm tells, and no key that CloudWatch could use': {
      seed: topicWithAlarm((topic) => [topic]),
      outcome: 'unfixable',
      reason: /The alarm disk-full publishes to the topic/,
    },
    'a key that is none': { seed: topicWith({}), parameters: { kmsKeyId: 'my key' }, outcome: 'not-configured' },
  },
  missing: 'no-such-topic',
});

it.each([
  'alias/aws/sns',
  'alias/orders',
  own,
  own.replace('key/', 'alias/'),
  '1234abcd-12ab-34cd-56ef-1234567890ab',
  `mrk-${'0a'.repeat(16)}`,
])('takes the key %s', (kmsKeyId) => expect(rule.parameters?.parse({ kmsKeyId })).toEqual({ kmsKeyId }));

it.each(['AlarmActions', 'OKActions', 'InsufficientDataActions'])('sees an alarm on any page that tells by its %s', async (actions) => {
  const TopicArn = 'arn:aws:sns:eu-west-1:111122223333:orders';
  const place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };
  const aws = {
    async send({ input }: { readonly input: { readonly ActionPrefix?: string; readonly NextToken?: string } }): Promise<object> {
      if (input.ActionPrefix !== TopicArn) return { Attributes: { TopicArn } };
      return input.NextToken
        ? {
            MetricAlarms: [
              { AlarmName: 'b', [actions]: [TopicArn] },
              { AlarmName: 'c', [actions]: ['other', TopicArn] },
            ],
            CompositeAlarms: [{ AlarmName: 'a', [actions]: [TopicArn] }],
          }
        : { MetricAlarms: [{ AlarmName: '0' }], NextToken: 'more' };
    },
  } as unknown as Aws;
  const state = await rule.inspect({ ...place, type: 'AWS::SNS::Topic', id: 'orders', arn: TopicArn }, aws, { kmsKeyId: 'alias/aws/sns' });
  expect(state).toEqual({ key: null, services: [], publisher: 'The alarm a publishes to the topic, and CloudWatch' });
});

it.each([
  ['there is a key', 'alias/orders', 'alias/aws/sns'],
  ['CloudWatch could use it', '', own],
])('asks for no alarms and subscriptions where %s', async (_, KmsMasterKeyId, kmsKeyId) => {
  const asked: string[] = [];
  const aws = {
    async send(command: object): Promise<object> {
      asked.push(command.constructor.name);
      return { Attributes: { KmsMasterKeyId } };
    },
  } as unknown as Aws;
  const place = { partition: 'aws', account: '111122223333', region: 'eu-west-1' };
  await rule.inspect({ ...place, type: 'AWS::SNS::Topic', id: 'orders', arn: 'arn:aws:sns:eu-west-1:111122223333:orders' }, aws, {
    kmsKeyId,
  });
  expect(asked).toEqual(['GetTopicAttributesCommand']);
});

function topicWithAlarm(actions: (topic: string) => string[]) {
  return async (world: World): Promise<string> => {
    const id = await topicWith({})(world);
    await world.send(
      new PutMetricAlarmCommand({
        AlarmName: 'disk-full',
        AlarmActions: actions(`arn:aws:sns:${world.region}:${world.account}:${id}`),
        MetricName: 'Used',
        Namespace: 'Disk',
        Statistic: 'Maximum',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 90,
        ComparisonOperator: 'GreaterThanThreshold',
      }),
    );
    return id;
  };
}

function topicWithSubscription(suffix: string) {
  return async (world: World): Promise<string> => {
    const id = await topicWith({})(world);
    const SnsTopicArn = `arn:aws:sns:${world.region}:${world.account}:${id}${suffix}`;
    await world.send(new CreateEventSubscriptionCommand({ SubscriptionName: 'failovers', SnsTopicArn, SourceType: 'db-cluster' }));
    return id;
  };
}

function policy(Principal: Json, Effect = 'Allow', Condition?: JsonObject, Action = 'sns:Publish'): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect, Principal, Action, Resource: '*', Condition }] });
}

async function keyOf({ region, account, send }: World, id: string): Promise<string | undefined> {
  const { Attributes } = await send(new GetTopicAttributesCommand({ TopicArn: `arn:aws:sns:${region}:${account}:${id}` }));
  return Attributes?.KmsMasterKeyId;
}

function topicWith(Attributes: Record<string, string>, result = '') {
  return async (world: World): Promise<string> => {
    const Name = `orders-${Math.random().toString(36).slice(2)}${result}`;
    await world.send(new CreateTopicCommand({ Name, Attributes }));
    return Name;
  };
}
