import { SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { defineRule, notFound } from '../rule';
import { readQueue } from './queue/attributes';
import { listing, listQueues } from './queue/list';
import { queue, queues } from './queue/resource';

export default defineRule({
  id: 'sqs-queue-encrypted',
  title: 'SQS queues are encrypted at rest',
  why: 'Anyone with access to the underlying storage can read unencrypted messages.',
  impact:
    'New messages are encrypted with SQS-managed keys (SSE-SQS), at no charge; clients need no extra permission. Requests without TLS or without Signature Version 4 are denied, including anonymous requests.',
  severity: 'medium',
  risk: 'disruptive',
  resource: queue,
  independentUndo: true,
  property: 'SqsManagedSseEnabled',
  detectedBy: { securityHub: ['SQS.1'], config: ['sqs-queue-encrypted'] },
  permissions: {
    inspect: [{ actions: ['sqs:GetQueueUrl', 'sqs:GetQueueAttributes'], on: queues }, listing],
    change: { actions: ['sqs:SetQueueAttributes'], on: queues },
  },
  clients: [SQSClient],
  commands: [SetQueueAttributesCommand],
  // SQS documents 60 seconds.
  settle: 90,

  async inspect(resource, aws) {
    const found = await readQueue(resource, ['SqsManagedSseEnabled', 'KmsMasterKeyId'], aws);
    if (!found) return notFound;
    const { SqsManagedSseEnabled, KmsMasterKeyId } = found.attributes;
    return { url: found.url, encrypted: SqsManagedSseEnabled === 'true' || Boolean(KmsMasterKeyId) };
  },

  plan: (_, { url, encrypted }) => (encrypted ? [] : [{ do: encryption(url, true), undo: encryption(url, false) }]),

  targets: (_, { now }) => ({ SetQueueAttributes: { QueueUrl: now.url } }),

  list: listQueues,
});

const encryption = (QueueUrl: string, enabled: boolean) =>
  new SetQueueAttributesCommand({ QueueUrl, Attributes: { SqsManagedSseEnabled: String(enabled) } });
