import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { describe } from '../aws/error';

const messagesShape = z.object({
  Records: z.array(z.object({ messageId: z.string(), receiptHandle: z.string(), body: z.string() })).max(10),
});
export type QueueMessage = z.infer<typeof messagesShape>['Records'][number];

/** The answer to Lambda: the messages that stay in the queue. */
export interface QueueAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** Handles the messages one after the other: together, they could outlast the lease. Those for which `handle` returns false come again. */
export async function handleEach(event: unknown, handle: (message: QueueMessage) => Promise<boolean>): Promise<QueueAnswer> {
  const batchItemFailures: { readonly itemIdentifier: string }[] = [];
  for (const message of messagesShape.parse(event).Records)
    if (!(await handle(message))) batchItemFailures.push({ itemIdentifier: message.messageId });
  return { batchItemFailures };
}

/** The content of a message; undefined if it is not JSON. */
export function contentOf({ body }: Pick<QueueMessage, 'body'>): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** Has a message come again after so many seconds. Otherwise, it does after the visibility timeout of the queue. */
export const comeAgainIn =
  (sqs: SQSClient, QueueUrl: string, warn: (message: string, details: Readonly<Record<string, unknown>>) => void) =>
  async (ReceiptHandle: string, VisibilityTimeout: number): Promise<void> => {
    const command = new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout });
    await sqs.send(command).catch((error: unknown) => warn('The time of the retry was not set', { error: describe(error) }));
  };
