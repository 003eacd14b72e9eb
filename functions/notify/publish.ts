import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';

export interface Message {
  /** Less than 100 characters of ASCII, on one line. */
  readonly subject: string;
  readonly body: string;
}

/** Publishes to topics of SNS. */
export function snsPublish(client: SNSClient): (topic: string, message: Message) => Promise<void> {
  return async (topic, { subject, body }) => {
    await client.send(new PublishCommand({ TopicArn: topic, Subject: subject, Message: body }));
  };
}
