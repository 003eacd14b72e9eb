import type { Place } from './local';
import type { Operation } from './operation';
import type { Answer } from './upstream';

/** The part of SNS that moto lacks: how many subscriptions of a topic are confirmed. To it, all are, at once, and a topic has none. */
export const countSubscriptions = () => {
  const confirmed = new Map<string, number>();
  return {
    /** Moto's answer, with the number of subscriptions. */
    counted({ service, name, input }: Operation, { account }: Pick<Place, 'account'>, answer: Answer): Answer {
      if (service !== 'sns' || answer.status !== 200) return answer;
      const topic = `${account} ${input.TopicArn}`;
      if (name === 'Subscribe') confirmed.set(topic, (confirmed.get(topic) ?? 0) + 1);
      if (name !== 'GetTopicAttributes') return answer;
      const count = /(<key>SubscriptionsConfirmed<\/key>\s*<value>)[^<]*/;
      return { ...answer, body: Buffer.from(answer.body.toString().replace(count, `$1${confirmed.get(topic) ?? 0}`)) };
    },
  };
};
