import { DescribeKeyCommand, GetKeyPolicyCommand } from '@aws-sdk/client-kms';
import * as z from 'zod';
import { undefinedOn } from '../../absence';
import { isObject, type JsonObject } from '../../json';
import { keys } from '../../kms/key/resource';
import { readPolicy, stringsIn } from '../../policy';
import type { Aws, Grant, Obstacle, Place, Unfixable } from '../../rule';
import { admits, type ServiceUse } from '../../service-use';
import { readAttributes } from '../../sns/topic/attributes';
import { topics } from '../../sns/topic/resource';

/** An SNS topic that an alarm notifies. Alarms cannot publish to FIFO topics. */
export const topicArn = z
  .string()
  .regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/)
  .describe(
    'The SNS topic that the alarms notify, in their region. It must allow CloudWatch to publish, and needs a confirmed subscription.',
  );

/**
 * Whether a topic delivers alarms. `foreign`: it belongs to another account, where it cannot be read. `unsubscribed`: it has no confirmed
 * subscription. `locked`: it is encrypted with alias/aws/sns; `keyed`: with a key that may not allow CloudWatch to use it.
 */
export type AlarmTopic = 'ready' | 'absent' | 'foreign' | 'unsubscribed' | 'closed' | 'locked' | 'keyed';

/** The permissions that `readTopic` needs. */
export const topicReading: readonly Grant[] = [
  { actions: ['sns:GetTopicAttributes'], on: topics },
  { actions: ['kms:DescribeKey', 'kms:GetKeyPolicy'], on: keys },
];

/** The state of a topic, for an alarm with this name. */
export async function readTopic(arn: string, alarm: string, place: Place, aws: Aws): Promise<AlarmTopic> {
  const { partition, account, region } = place;
  if (arn.split(':')[4] !== account) return 'foreign';
  const attributes = await readAttributes({ arn }, aws);
  if (!attributes) return 'absent';
  const { KmsMasterKeyId: key, Policy = '', SubscriptionsConfirmed = 0 } = attributes;
  // The policy of an AWS managed key cannot be changed.
  if (key === 'alias/aws/sns') return 'locked';
  const from = {
    service: 'cloudwatch.amazonaws.com',
    context: {
      'aws:sourceaccount': account,
      'aws:sourceowner': account,
      'aws:sourcearn': `arn:${partition}:cloudwatch:${region}:${account}:alarm:${alarm}`,
    },
  };
  const statements = (readPolicy(Policy)?.statements ?? []).flatMap((statement) => forCloudWatch(statement, account));
  if (!admits(statements, { ...from, action: 'sns:Publish', resource: arn })) return 'closed';
  if (key !== undefined && key !== '' && !(await opens(key, from, aws))) return 'keyed';
  return Number(SubscriptionsConfirmed) > 0 ? 'ready' : 'unsubscribed';
}

/** The statement with CloudWatch as its principal, if it applies: alarms publish as the service, and also as the account. */
function forCloudWatch(statement: JsonObject, account: string): readonly JsonObject[] {
  const { Principal } = statement;
  const named = isObject(Principal) ? Object.values(Principal) : [Principal];
  const principals = named.flatMap((names) => stringsIn(names) ?? []);
  const isFor = principals.some(
    (name) => name === '*' || name === 'cloudwatch.amazonaws.com' || name === account || name.endsWith(`::${account}:root`),
  );
  return isFor ? [{ ...statement, Principal: { Service: 'cloudwatch.amazonaws.com' } }] : [];
}

/** Whether a key allows CloudWatch to encrypt and decrypt the messages of the topic. */
async function opens(KeyId: string, from: Pick<ServiceUse, 'service' | 'context'>, aws: Aws): Promise<boolean> {
  // A key of another account cannot be read.
  const found = await undefinedOn(['NotFoundException', 'AccessDeniedException'], aws.send(new DescribeKeyCommand({ KeyId })));
  const { Arn = '', KeyState } = found?.KeyMetadata ?? {};
  if (KeyState !== 'Enabled') return false;
  const policy = await undefinedOn(['AccessDeniedException'], aws.send(new GetKeyPolicyCommand({ KeyId: Arn, PolicyName: 'default' })));
  const statements = readPolicy(policy?.Policy ?? '')?.statements ?? [];
  return ['kms:GenerateDataKey', 'kms:Decrypt'].every((action) => admits(statements, { ...from, action, resource: Arn }));
}

/** Why alarms cannot notify the topic, and how to fix that. */
export function obstacleOf(arn: string, topic: AlarmTopic, { region }: Pick<Place, 'region'>): Obstacle | undefined {
  if (arn.split(':')[3] !== region)
    return {
      unfixable: `The topic ${arn} is not in ${region}, the Region of the alarm. Set topicArn to a topic in that Region.`,
      code: 'topic-in-other-region',
    };
  const obstacle = obstacles[topic];
  return obstacle && { ...obstacle, unfixable: obstacle.unfixable.replace('{arn}', arn) };
}

const obstacles: Readonly<Partial<Record<AlarmTopic, Unfixable>>> = {
  absent: { unfixable: 'The topic {arn} does not exist. Create it, or set topicArn to another.', code: 'topic-not-found' },
  locked: {
    unfixable:
      'The topic {arn} is encrypted with alias/aws/sns, which CloudWatch cannot use. Encrypt it with a key whose policy allows cloudwatch.amazonaws.com.',
    code: 'key-unusable-by-services',
  },
  keyed: {
    unfixable:
      'The policy of the key of the topic {arn} does not allow CloudWatch to use it, or cannot be read from this account. Allow cloudwatch.amazonaws.com kms:GenerateDataKey* and kms:Decrypt.',
    code: 'key-policy-missing',
  },
  closed: {
    unfixable: 'The policy of the topic {arn} does not allow CloudWatch to publish. Allow cloudwatch.amazonaws.com sns:Publish.',
    code: 'topic-policy-missing',
  },
  unsubscribed: {
    unfixable: 'The topic {arn} has no confirmed subscription, so nobody would be notified. Add one.',
    code: 'topic-without-subscription',
  },
};
