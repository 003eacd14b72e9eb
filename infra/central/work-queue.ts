import { Duration, Validations } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** A queue that Lambda reads for a function, and the dead-letter queue of it. */
export interface WorkQueue {
  readonly queue: Queue;
  readonly failed: Queue;
}

export interface WorkQueueProps {
  /** The names of the queue and of its dead-letter queue. */
  readonly names: { readonly queue: string; readonly failed: string };
  /** Of the function, in seconds. */
  readonly timeout: number;
  /** So often, a message comes; then it waits in the dead-letter queue, which needs an alarm. */
  readonly attempts: number;
  /** From the arrival of a message until it can be read, in seconds; left out, none. */
  readonly delay?: number;
}

/** Keeps messages for the longest time that SQS knows. */
export function workQueue(scope: Construct, { names, timeout, attempts, delay }: WorkQueueProps): WorkQueue {
  const common = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true, retentionPeriod: Duration.days(14) };
  const failed = new Queue(scope, 'Failed', { queueName: names.failed, ...common });
  Validations.of(failed).acknowledge({ id: 'AwsSolutions-SQS3', reason: 'It is itself a dead-letter queue, and has an alarm.' });
  const queue = new Queue(scope, 'Queue', {
    queueName: names.queue,
    ...common,
    ...(delay !== undefined && { deliveryDelay: Duration.seconds(delay) }),
    // AWS recommends six times the timeout of the function.
    visibilityTimeout: Duration.seconds(6 * timeout),
    deadLetterQueue: { queue: failed, maxReceiveCount: attempts },
  });
  return { queue, failed };
}
