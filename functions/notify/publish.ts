import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';

export interface Message {
  /** One line of fewer than 100 ASCII characters. */
  readonly subject: string;
  readonly body: string;
}

/** Publishes to SNS topics. */
export function snsPublish(client: SNSClient): (topic: string, message: Message) => Promise<void> {
  return async (topic, { subject, body }) => {
    await client.send(new PublishCommand({ TopicArn: topic, Subject: subject, Message: body }));
  };
}
