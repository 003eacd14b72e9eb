import { DescribeKeyCommand, GetKeyPolicyCommand } from '@aws-sdk/client-kms';
import * as z from 'zod';
import { undefinedOn } from '../../absence';
import { isObject, type JsonObject } from '../../json';
import { keys } from '../../kms/key/resource';
import { readPolicy, stringsIn } from '../../policy';
import type { Aws, Grant, Place } from '../../rule';
import { admits, type ServiceUse } from '../../service-use';
import { readAttributes } from '../../sns/topic/attributes';
import { topics } from '../../sns/topic/resource';

/** An SNS topic to which an alarm sends messages. FIFO topics take none from alarms. */
export const topicArn = z
  .string()
  .regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/)
  .describe('The SNS topic to which the alarms are sent, in their region. It has to let CloudWatch publish, and needs a subscriber.');

/**
 * What keeps a topic from passing an alarm on. `foreign`: it is of another account, where we can't look. `locked`: it is encrypted with
 * the key of SNS; `keyed`: with one that does not let CloudWatch use it for sure.
 */
export type AlarmTopic = 'ready' | 'absent' | 'foreign' | 'unheard' | 'closed' | 'locked' | 'keyed';

/** What `readTopic` needs. */
export const topicReading: readonly Grant[] = [
  { actions: ['sns:GetTopicAttributes'], on: topics },
  { actions: ['kms:DescribeKey', 'kms:GetKeyPolicy'], on: keys },
];

/** The topic as it is for an alarm of this name. */
export async function readTopic(arn: string, alarm: string, place: Place, aws: Aws): Promise<AlarmTopic> {
  const { partition, account, region } = place;
  if (arn.split(':')[4] !== account) return 'foreign';
  const attributes = await readAttributes({ arn }, aws);
  if (!attributes) return 'absent';
  const { KmsMasterKeyId: key, Policy = '', SubscriptionsConfirmed = 0 } = attributes;
  // Nobody can write into the policy of that key that CloudWatch may use it.
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
  return Number(SubscriptionsConfirmed) > 0 ? 'ready' : 'unheard';
}

/** A statement as one for CloudWatch, if it is: alarms publish as the service, and in the name of the account too. */
function forCloudWatch(statement: JsonObject, account: string): readonly JsonObject[] {
  const { Principal } = statement;
  const named = isObject(Principal) ? Object.values(Principal) : [Principal];
  const principals = named.flatMap((names) => stringsIn(names) ?? []);
  const isFor = principals.some(
    (name) => name === '*' || name === 'cloudwatch.amazonaws.com' || name === account || name.endsWith(`::${account}:root`),
  );
  return isFor ? [{ ...statement, Principal: { Service: 'cloudwatch.amazonaws.com' } }] : [];
}

/** Whether a key lets CloudWatch encrypt and decrypt the messages of the topic. */
async function opens(KeyId: string, from: Pick<ServiceUse, 'service' | 'context'>, aws: Aws): Promise<boolean> {
  // A key of another account tells us nothing.
  const found = await undefinedOn(['NotFoundException', 'AccessDeniedException'], aws.send(new DescribeKeyCommand({ KeyId })));
  const { Arn = '', KeyState } = found?.KeyMetadata ?? {};
  if (KeyState !== 'Enabled') return false;
  const policy = await undefinedOn(['AccessDeniedException'], aws.send(new GetKeyPolicyCommand({ KeyId: Arn, PolicyName: 'default' })));
  const statements = readPolicy(policy?.Policy ?? '')?.statements ?? [];
  return ['kms:GenerateDataKey', 'kms:Decrypt'].every((action) => admits(statements, { ...from, action, resource: Arn }));
}

/** Why alarms can't be sent to the topic, for who has to change that. */
export function faultOf(arn: string, topic: AlarmTopic, { region }: Pick<Place, 'region'>): string | undefined {
  if (arn.split(':')[3] !== region) return `The topic ${arn} is not in ${region}, where the alarm is: set topicArn to one that is.`;
  return faults[topic]?.replace('{arn}', arn);
}

const faults: Readonly<Partial<Record<AlarmTopic, string>>> = {
  absent: 'There is no topic {arn}: make it, or set topicArn to another.',
  locked:
    'The topic {arn} is encrypted with alias/aws/sns, which CloudWatch can not use: encrypt it with a key whose policy lets CloudWatch.',
  keyed:
    'The topic {arn} is encrypted with a key that does not let CloudWatch use it, or can not be read here: allow kms:GenerateDataKey* and kms:Decrypt to cloudwatch.amazonaws.com in its policy.',
  closed: 'The policy of the topic {arn} does not let CloudWatch publish: allow sns:Publish to cloudwatch.amazonaws.com in it.',
  unheard: 'The topic {arn} has no confirmed subscription, so nobody would hear the alarm: subscribe somebody.',
};
