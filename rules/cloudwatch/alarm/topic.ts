import * as z from 'zod';
import { isObject, type JsonObject } from '../../json';
import { readPolicy, stringsIn } from '../../policy';
import type { Aws, Grant, Resource } from '../../rule';
import { readAttributes } from '../../sns/topic/attributes';
import { topics } from '../../sns/topic/resource';
import { fits } from '../../wildcard';

/** An SNS topic to which an alarm sends messages. FIFO topics take none from alarms. */
export const topicArn = z
  .string()
  .regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/)
  .describe('The SNS topic to which the alarms are sent, in their region. It has to let CloudWatch publish, and needs a subscriber.');

/** What keeps a topic from passing an alarm on. `foreign`: it is of another account, where we can't look. */
export type AlarmTopic = 'ready' | 'absent' | 'foreign' | 'unheard' | 'closed' | 'locked';

export const topicReading: Grant = { actions: ['sns:GetTopicAttributes'], on: topics };

export async function readTopic(arn: string, place: Pick<Resource, 'account'>, aws: Aws): Promise<AlarmTopic> {
  if (arn.split(':')[4] !== place.account) return 'foreign';
  const attributes = await readAttributes({ arn }, aws);
  if (!attributes) return 'absent';
  // Nobody can write into the policy of that key that CloudWatch may use it.
  if (attributes.KmsMasterKeyId === 'alias/aws/sns') return 'locked';
  if (!readPolicy(attributes.Policy ?? '')?.statements.some((statement) => admits(statement, place))) return 'closed';
  return Number(attributes.SubscriptionsConfirmed ?? 0) > 0 ? 'ready' : 'unheard';
}

/** Why alarms can't be sent to the topic, for who has to change that. */
export function faultOf(arn: string, topic: AlarmTopic, { region }: Pick<Resource, 'region'>): string | undefined {
  if (arn.split(':')[3] !== region) return `The topic ${arn} is not in ${region}, where the alarm is: set topicArn to one that is.`;
  return faults[topic]?.replace('{arn}', arn);
}

const faults: Readonly<Partial<Record<AlarmTopic, string>>> = {
  absent: 'There is no topic {arn}: make it, or set topicArn to another.',
  locked:
    'The topic {arn} is encrypted with alias/aws/sns, which CloudWatch can not use: encrypt it with a key whose policy lets CloudWatch.',
  closed: 'The policy of the topic {arn} does not let CloudWatch publish: allow sns:Publish to cloudwatch.amazonaws.com in it.',
  unheard: 'The topic {arn} has no confirmed subscription, so nobody would hear the alarm: subscribe somebody.',
};

/** Alarms publish as the service, and in the name of the account too. */
function admits({ Effect, Principal, Action }: JsonObject, { account }: Pick<Resource, 'account'>): boolean {
  const named = isObject(Principal) ? Object.values(Principal) : [Principal];
  const principals = named.flatMap((names) => stringsIn(names) ?? []);
  const actions = stringsIn(Action) ?? [];
  return (
    Effect === 'Allow' &&
    principals.some(
      (name) => name === '*' || name === 'cloudwatch.amazonaws.com' || name === account || name.endsWith(`::${account}:root`),
    ) &&
    actions.some((action) => fits('sns:publish', action.toLowerCase()))
  );
}
