import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Caller } from '../central/caller';

/** The messages in each dead-letter queue; SQS counts approximately. */
export type DeadLetters = Readonly<Record<'posture-undelivered' | 'posture-failed', number>>;

export async function deadLetters({ region, credentials }: Pick<Caller, 'region' | 'credentials'>): Promise<DeadLetters> {
  const client = new SQSClient({ region, credentials, maxAttempts: 4 });
  try {
    const [undelivered, failed] = await Promise.all([depthOf('posture-undelivered'), depthOf('posture-failed')]);
    return { 'posture-undelivered': undelivered, 'posture-failed': failed };
  } finally {
    client.destroy();
  }

  async function depthOf(QueueName: keyof DeadLetters): Promise<number> {
    const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName }));
    const { Attributes = {} } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] }),
    );
    return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
  }
}
