import { describe, isTransient } from '../aws/error';
import type { OutcomeEvent } from '../outcomes/outcome-schema';
import { type Recipient, recipientsOf } from '../outcomes/recipients';
import type { Policy } from '../policy/policy';
import { freshPolicy } from '../policy/policy';
import { chat, digestChat } from './chat';
import type { CentralLocation } from './console-link';
import type { Reminder } from './digest';
import { digestEmail, email } from './email';
import { plainText } from './neutral';
import { type Once, occasionOf } from './once';
import type { Message } from './publish';
import type { Storm } from './storm';

/** The dependencies of the notification function. */
export interface NotifyPorts {
  /** The present policy; throws if it can't be read: then only the central topic is notified. */
  readonly policy: () => Promise<Policy>;
  /** ARN of the topic that needs no policy. */
  readonly centralTopic: string;
  /** The location of the stack Posture. */
  readonly central: CentralLocation;
  readonly publish: (topic: string, message: Message) => Promise<void>;
  readonly once: Once;
  readonly storm: Storm;
  readonly remind: (reminder: Reminder) => Promise<void>;
  /** Logs a problem that does not affect the result. */
  readonly warn: (message: string, details: Record<string, unknown>) => void;
  /** Counts a message that a topic rejects. */
  readonly countRefused: (rule: string) => void;
}

/** The result for one topic. */
export type NotifyResult = 'notified' | 'notified-before' | 'in-digest' | 'refused';

/**
 * Notifies each topic once about an outcome, with at most as many messages per minute as the policy allows, and the rest in one digest.
 * Transient errors are thrown after all topics were tried, and the event is retried for the remaining topics.
 */
export async function notify(id: string, event: OutcomeEvent, ports: NotifyPorts): Promise<readonly NotifyResult[]> {
  const { notifications } = await ports.policy().catch((error: unknown) => {
    ports.warn("The policy can't be read: only the central topic is notified", { error: describe(error) });
    return freshPolicy;
  });
  const recipients = recipientsOf(event, notifications, ports.centralTopic);
  const results = await Promise.allSettled(recipients.map((recipient) => notifyOne(id, event, recipient, notifications.perMinute, ports)));
  const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  if (errors.length > 0) {
    throw new AggregateError(
      errors,
      `${errors.length} of ${recipients.length} topics were not notified: ${errors.map(describe).join('; ')}`,
    );
  }
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

async function notifyOne(
  id: string,
  event: OutcomeEvent,
  recipient: Recipient,
  perMinute: number,
  ports: NotifyPorts,
): Promise<NotifyResult> {
  const { topic, format } = recipient;
  const occasion = occasionOf(id, event);
  const state = await ports.once.begin(occasion, topic);
  if (state === 'notified') return 'notified-before';
  if (state === 'busy') throw new Error(`Another instance is notifying ${topic} about ${event.remediation}, or was interrupted.`);
  try {
    const { beyond } = await ports.storm.admit({
      topic,
      perMinute,
      what: `${event.rule.id} ${event.outcome}`,
      line: lineOf(event),
      later: (minute) => ports.remind({ digest: { topic, format, minute } }),
    });
    const message = format === 'chat' ? chat(event, ports.central, id) : email(event, ports.central);
    const result = beyond === undefined ? await send(topic, message, event.rule.id, ports) : 'in-digest';
    await ports.once.done(occasion, topic);
    return result;
  } catch (error) {
    await ports.once
      .giveUp(occasion, topic)
      .catch((cause: unknown) => ports.warn('The notification is retried later', { error: describe(cause) }));
    throw error;
  }
}

/** Sends the digest of a minute. */
export async function sendDigest({ digest: { topic, format, minute } }: Reminder, ports: NotifyPorts): Promise<NotifyResult> {
  const digest = await ports.storm.close(topic, minute);
  if (!digest) return 'notified-before';
  const result = await send(topic, format === 'chat' ? digestChat(digest) : digestEmail(digest), 'digest', ports);
  await ports.storm.sent(topic, minute);
  return result;
}

/** A permanent error of one topic does not affect the others. */
async function send(topic: string, message: Message, rule: string, ports: NotifyPorts): Promise<'notified' | 'refused'> {
  try {
    await ports.publish(topic, message);
    return 'notified';
  } catch (error) {
    if (isTransient(error)) throw error;
    ports.warn('A topic rejected a message', { topic, error: describe(error) });
    ports.countRefused(rule);
    return 'refused';
  }
}

const lineOf = ({ time, outcome, rule, account, region, resource, remediation }: OutcomeEvent): string =>
  `${time.slice(11, 19)} ${outcome} ${rule.id} in ${account} ${region}: ${plainText(resource.arn, 200)} (${remediation})`;
