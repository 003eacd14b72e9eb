import { describe, isTransient } from '../aws/fault';
import type { OutcomeEvent } from '../outcomes/outcome-schema';
import type { Policy } from '../policy/policy';
import { freshPolicy } from '../policy/policy';
import { chat, digestChat } from './chat';
import type { CentralLocation } from './console-link';
import type { Reminder } from './digest';
import { digestEmail, email } from './email';
import { plainText } from './neutral';
import { type Once, occasionOf } from './once';
import type { Message } from './publish';
import { type Recipient, recipientsOf } from './recipients';
import type { Storm } from './storm';

/** What the telling of people needs from outside. */
export interface NotifyPorts {
  /** As it is now; throws where it can't be read: then the hub's own topic is told all the same. */
  readonly policy: () => Promise<Policy>;
  /** ARN of the topic that needs no policy. */
  readonly centralTopic: string;
  /** Where the hub is. */
  readonly central: CentralLocation;
  readonly publish: (topic: string, message: Message) => Promise<void>;
  readonly once: Once;
  readonly storm: Storm;
  readonly remind: (reminder: Reminder) => Promise<void>;
  /** Notes what went wrong beside the main path. */
  readonly warn: (message: string, details: Record<string, unknown>) => void;
  /** Counts a message that a topic does not take. */
  readonly countRefused: (rule: string) => void;
}

/** How a topic was told. */
export type Telling = 'told' | 'told-before' | 'in-digest' | 'refused';

/**
 * Tells people of an outcome: each topic once, no more messages a minute than the policy allows, the rest in one digest after it.
 * What may pass is thrown once all topics were tried, and the event comes again for those that are left.
 */
export async function notify(id: string, event: OutcomeEvent, ports: NotifyPorts): Promise<readonly Telling[]> {
  const { notifications } = await ports.policy().catch((error: unknown) => {
    ports.warn("The policy can't be read: the hub's own topic alone is told", { error: describe(error) });
    return freshPolicy;
  });
  const recipients = recipientsOf(event, notifications, ports.centralTopic);
  const results = await Promise.allSettled(recipients.map((recipient) => notifyOne(id, event, recipient, notifications.perMinute, ports)));
  const faults = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  if (faults.length > 0) {
    throw new AggregateError(faults, `${faults.length} of ${recipients.length} topics were not told: ${faults.map(describe).join('; ')}`);
  }
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

async function notifyOne(id: string, event: OutcomeEvent, recipient: Recipient, perMinute: number, ports: NotifyPorts): Promise<Telling> {
  const { topic, format } = recipient;
  const occasion = occasionOf(id, event);
  const state = await ports.once.begin(occasion, topic);
  if (state === 'told') return 'told-before';
  if (state === 'busy') throw new Error(`Another instance is about to tell ${topic} of ${event.remediation}, or has died of it.`);
  try {
    const { beyond } = await ports.storm.admit({
      topic,
      perMinute,
      what: `${event.rule.id} ${event.outcome}`,
      line: lineOf(event),
      later: (minute) => ports.remind({ digest: { topic, format, minute } }),
    });
    const message = format === 'chat' ? chat(event, ports.central, id) : email(event, ports.central);
    const telling = beyond === undefined ? await send(topic, message, event.rule.id, ports) : 'in-digest';
    await ports.once.done(occasion, topic);
    return telling;
  } catch (error) {
    await ports.once.giveUp(occasion, topic).catch((fault: unknown) => ports.warn('It is tried again later', { error: describe(fault) }));
    throw error;
  }
}

/** Tells what was too much for a minute. */
export async function tellDigest({ digest: { topic, format, minute } }: Reminder, ports: NotifyPorts): Promise<Telling> {
  const digest = await ports.storm.close(topic, minute);
  if (!digest) return 'told-before';
  const telling = await send(topic, format === 'chat' ? digestChat(digest) : digestEmail(digest), 'digest', ports);
  await ports.storm.told(topic, minute);
  return telling;
}

/** A topic that does not take it, and would not the next time, does not hold up the others. */
async function send(topic: string, message: Message, rule: string, ports: NotifyPorts): Promise<'told' | 'refused'> {
  try {
    await ports.publish(topic, message);
    return 'told';
  } catch (error) {
    if (isTransient(error)) throw error;
    ports.warn('A topic does not take messages', { topic, error: describe(error) });
    ports.countRefused(rule);
    return 'refused';
  }
}

const lineOf = ({ time, outcome, rule, account, region, resource, remediation }: OutcomeEvent): string =>
  `${time.slice(11, 19)} ${outcome} ${rule.id} in ${account} ${region}: ${plainText(resource.arn, 200)} (${remediation})`;
