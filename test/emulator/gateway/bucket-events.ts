import type { Place } from './local';
import type { Operation } from './operation';
import type { Answer } from './upstream';

const setting = 'EventBridgeConfiguration';

/** The part of S3 that moto lacks: it keeps that a bucket tells EventBridge, and does not say so. */
export const emulateBucketEvents = () => {
  const telling = new Set<unknown>();
  return {
    /** Moto's answer, with the receivers of a bucket in full. */
    withEventBridge({ service, name, input }: Operation, _: Place, answer: Answer): Answer {
      if (service !== 's3' || answer.status !== 200) return answer;
      if (name === 'PutBucketNotificationConfiguration') {
        if (String(input.body).includes(`<${setting}`)) telling.add(input.Bucket);
        else telling.delete(input.Bucket);
      }
      if (name !== 'GetBucketNotificationConfiguration' || !telling.has(input.Bucket)) return answer;
      const whole = answer.body.toString().replace(/<(\w+)([^<>]*)\/>\s*$/, '<$1$2></$1>');
      const body = whole.replace(/<\/\w+>\s*$/, (end) => `<${setting}/>${end}`);
      return { ...answer, body: Buffer.from(body) };
    },
  };
};
